// Package tmri is a stand-in of the "out access" web service of the 公安交通管理综合应用平台 (六合一): SOAP 1.1 rpc/encoded on
// an Axis port, a query document inside the envelope, an answer that is one URL-encoded text. It verifies the interface
// serial, the granted interfaces, the quota of the day and the audit fields, then serves the licences of every province.
//
// It answers queries; the write operations are refused as not granted.
package tmri

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/soap"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Paths of the two ports.
const (
	PathNew = "/trffweb/services/TmriOutNewAccess" // queryObjectOut with 9 arguments, queryObjectOutNew with 10
	PathOld = "/trffweb/services/TmriOutAccess"    // queryObjectOut with 4 arguments, no audit fields
)

const (
	axisNamespace = "http://endpoint.axis.framework.tmri.com"
	wcfNamespace  = "http://tempuri.org/" // of the look-alike that some provinces put in front
)

// Config says whom the platform knows.
type Config struct {
	Serials        map[string]Grant `json:"serials"`        // by jkxlh, the serial issued to a caller
	LicenceColumns []string         `json:"licenceColumns"` // columns that 02C06 and the listing of changes return; empty: all of DRIVINGLICENSE
	Changes        Changes          `json:"changes"`        // how changed licences are listed; the zero value: not at all
}

// Grant is what one serial may do.
type Grant struct {
	Interfaces []string `json:"interfaces"` // interface ids (jkid), e.g. 02C06
	DailyQuota int      `json:"dailyQuota"` // calls of each interface per day in Asia/Shanghai; 0: unlimited
}

type platform struct {
	config   Config
	registry *citizen.Registry
	quota    quota
}

// New makes the stand-in. It refuses a configuration without serials.
func New(config Config, registry *citizen.Registry, clock func() time.Time) (*standin.Server, error) {
	if len(config.Serials) == 0 {
		return nil, errors.New("tmri: no serial is configured, so nobody could call")
	}
	if err := config.Changes.check(); err != nil {
		return nil, err
	}
	return standin.NewServer(&platform{config: config, registry: registry}, clock), nil
}

// Operation names a call by its interface id, or by what is wrong with it when the envelope cannot be read.
func (p *platform) Operation(request *http.Request, body []byte) string {
	if request.URL.Path != PathNew && request.URL.Path != PathOld {
		return ""
	}
	asked, err := parse(body)
	if err != nil || asked.Value("jkid") == "" {
		return "unreadable"
	}
	return asked.Value("jkid")
}

// Forget does nothing: the platform keeps no session.
func (p *platform) Forget() {}

// Answer verifies the envelope, then the caller, then answers the query.
func (p *platform) Answer(call standin.Call) standin.Reply {
	if problem := soap.CheckTransport(call.Request); problem != "" {
		return soap.Fault(problem)
	}
	asked, err := parse(call.Body)
	if err != nil {
		return soap.Fault(err.Error())
	}
	if problem := checkArguments(call.Request.URL.Path, asked); problem != "" {
		return soap.Fault(problem)
	}
	return wrap(call, asked, p.result(call, asked))
}

func (p *platform) result(call standin.Call, asked soap.Call) document {
	if setting, has := call.Faults.Get(fault.Business); has {
		return failure(setting.Code, setting.Message)
	}
	if refused, message := p.refuse(call, asked); refused != "" {
		return failure(refused, message)
	}
	condition, err := parseQuery(asked.Value("UTF8XmlDoc"))
	if err != nil {
		return failure(codeGeneral, "查询条件解析失败："+err.Error())
	}
	return p.query(call, asked.Value("jkid"), condition)
}

// wrap writes the document, URL-encodes the whole of it, and puts it into the answer's envelope.
func wrap(call standin.Call, asked soap.Call, result document) standin.Reply {
	text := url.QueryEscape(string(call.Faults.Encode(result.write())))
	return soap.Response(asked.Namespace, asked.Operation, asked.Operation+"Return", soap.Escape(text))
}

// parse reads the envelope; its operation must be in one of the namespaces known.
func parse(body []byte) (soap.Call, error) {
	asked, err := soap.Parse(body)
	if err == nil && asked.Namespace != axisNamespace && asked.Namespace != wcfNamespace {
		err = errors.New("the operation is in an unknown namespace")
	}
	return asked, err
}
