package zheliban

import (
	"net/http"
	"net/url"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Codes of the sharing platform (register of assumptions, Z2).
const (
	codeOK       = "00"
	codeSign     = "14" // wrong or stale signature
	codePurpose  = "21" // purpose fields missing
	codeUnknown  = "23" // no such data set
	codeMismatch = "24" // name and number do not belong together
)

type sharingAnswer struct {
	Code  string `json:"code"`
	Msg   string `json:"msg"`
	Datas any    `json:"datas,omitempty"`
}

type sharingSecrets struct {
	RefreshSecret        string `json:"refreshSecret"`
	RefreshSecretEndTime int64  `json:"refreshSecretEndTime"` // milliseconds
	RequestSecret        string `json:"requestSecret"`
	RequestSecretEndTime int64  `json:"requestSecretEndTime"` // milliseconds
}

func refuse(call standin.Call, code, message string) standin.Reply {
	return standin.JSON(call, http.StatusOK, sharingAnswer{Code: code, Msg: message})
}

// refreshByKey makes both secrets anew for whoever signs with the appSecret.
func (p *platform) refreshByKey(call standin.Call) standin.Reply {
	given := parameters(call)
	if !correct(call, given, p.config.AppKeys[given.Get("appKey")]) {
		return refuse(call, codeSign, "签名错误")
	}
	return p.renew(call, given.Get("appKey"), pair{
		refresh: p.mint.Next("zheliban refresh"), refreshEnds: call.Now.Add(refreshLife),
	})
}

// refreshBySecret makes the request secret anew for whoever signs with the refresh secret.
func (p *platform) refreshBySecret(call standin.Call) standin.Reply {
	given := parameters(call)
	held := p.secrets.get(given.Get("appKey"))
	if !correct(call, given, held.refreshAt(call.Now)) {
		return refuse(call, codeSign, "签名错误")
	}
	return p.renew(call, given.Get("appKey"), held)
}

func (p *platform) renew(call standin.Call, appKey string, held pair) standin.Reply {
	if setting, has := call.Faults.Get(fault.Business); has {
		return refuse(call, setting.Code, setting.Message)
	}
	held.request, held.requestEnds = p.mint.Next("zheliban request"), call.Now.Add(requestLife)
	p.secrets.put(appKey, held)
	return standin.JSON(call, http.StatusOK, sharingAnswer{Code: codeOK, Datas: sharingSecrets{
		RefreshSecret: held.refresh, RefreshSecretEndTime: held.refreshEnds.UnixMilli(),
		RequestSecret: held.request, RequestSecretEndTime: held.requestEnds.UnixMilli(),
	}})
}

// share answers the data call.
func (p *platform) share(call standin.Call) standin.Reply {
	given := parameters(call)
	held := p.secrets.get(given.Get("appKey"))
	if setting, has := call.Faults.Get(fault.Business); has {
		return refuse(call, setting.Code, setting.Message)
	}
	switch {
	case call.Request.Method != http.MethodPost:
		return refuse(call, codeUnknown, "仅支持 POST")
	case !correct(call, given, held.requestAt(call.Now)):
		return refuse(call, codeSign, "签名错误")
	case call.Request.URL.Path != p.config.DataSetPath():
		return refuse(call, codeUnknown, "接口不存在")
	case missingPurpose(given.Get("additional")) != "":
		return refuse(call, codePurpose, "additional 缺少 "+missingPurpose(given.Get("additional")))
	}
	return p.rows(call, given)
}

func (p *platform) rows(call standin.Call, given url.Values) standin.Reply {
	rows := []map[string]string{}
	person, columns := p.row(call, given.Get("sfzmhm"))
	if columns != nil && given.Get("xm") != "" && given.Get("xm") != person.Name {
		return refuse(call, codeMismatch, "姓名与证件号码不符")
	}
	if columns != nil {
		rows = append(rows, columns)
	}
	return standin.JSON(call, http.StatusOK, sharingAnswer{Code: codeOK, Datas: rows})
}
