package suishenban

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// purpose is what every call repeats; it has been verified by the time that it is read here.
type purpose struct {
	SessionID    string `json:"sessionId"`
	OrgName      string `json:"orgName"`
	Username     string `json:"username"`
	ItemName     string `json:"itemName"`
	ItemCode     string `json:"itemCode"`
	BusinessCode string `json:"businessCode"`
}

// notice is a change of a certificate. A member that is not listed is refused.
type notice struct {
	purpose
	HolderType  string `json:"holderType"`
	HolderCode  string `json:"holderCode"`
	CatMainCode string `json:"catMainCode"`
	LicenceKey  string `json:"licenceKey"`
	Version     uint64 `json:"version"`
	ChangeTime  string `json:"changeTime"`
	Changes     []struct {
		ChangeType string `json:"changeType"`
		Status     string `json:"status"`
	} `json:"changes"`
	Data   map[string]string `json:"data"`
	Masked []string          `json:"maskedItems"`
}

// Book gives what the library holds of the changes that it was told.
func (p *platform) Book() *holding.Book { return &p.book }

// status takes a notice of a change, wherever the licence is kept: its holder may live in Shanghai.
func (p *platform) status(call standin.Call) standin.Reply {
	var told notice
	if holding.Strict(call.Body, &told) != nil || !told.wellFormed() || told.CatMainCode != p.config.CatMainCode {
		return fail(call, errorParameter, "请求参数错误")
	}
	if _, known := p.registry.Find(told.HolderCode); !known {
		return fail(call, errorNotFound, "证照不存在")
	}
	receipt := map[string]any{"licenceKey": told.LicenceKey, "version": p.book.Take(told.copy(call.Now))}
	if call.Faults.Has(fault.WrongPerson) {
		receipt["licenceKey"] = "another"
	}
	return standin.JSON(call, http.StatusOK, envelope{Success: true, ErrorMsg: "成功", Data: receipt})
}

// wellFormed tells whether the notice says what it must and nothing else: columns of the table that change, and three of the
// notice's own.
func (n notice) wellFormed() bool {
	for name := range n.Data {
		if !slices.Contains([]string{"ZT", "ZJCX", "YXQZ", "ZXBH", "BZCS", "FZRQ", "LJJF", "QFRQ", "SFKJS", "SFCQ", "YXZT"}, name) {
			return false
		}
	}
	for _, name := range n.Masked {
		if !strings.Contains(n.Data[name], "*") {
			return false
		}
	}
	_, err := time.ParseInLocation("2006-01-02 15:04:05", n.ChangeTime, citizen.Zone())
	dated := (err == nil) == (len(n.Changes) > 0)
	return n.HolderType == "居民身份证" && n.HolderCode != "" && n.LicenceKey != "" && n.Version > 0 && len(n.Data) > 0 && dated
}

func (n notice) copy(now time.Time) holding.Copy {
	held := holding.Copy{
		Licence: n.LicenceKey, IDNumber: n.HolderCode, Version: n.Version, Fields: n.Data, Masked: n.Masked, Learned: now,
	}
	for _, change := range n.Changes {
		held.Events = append(held.Events, holding.Event{Kind: change.ChangeType, Letter: change.Status})
	}
	return held
}

// held lists what the library holds.
func (p *platform) held(call standin.Call) standin.Reply {
	var asked struct {
		purpose
		CatMainCode string `json:"catMainCode"`
		AfterKey    string `json:"afterKey"`
		PageSize    int    `json:"pageSize"`
	}
	if holding.Strict(call.Body, &asked) != nil || asked.PageSize < 1 || asked.PageSize > 1000 {
		return fail(call, errorParameter, "请求参数错误")
	}
	rows := []map[string]any{}
	for _, line := range p.book.List(asked.AfterKey, asked.PageSize) {
		rows = append(rows, map[string]any{"licenceKey": line.Licence, "version": line.Version, "digest": line.Digest})
	}
	return standin.JSON(call, http.StatusOK, envelope{Success: true, ErrorMsg: "成功", Data: rows})
}
