// Package suihaoban is a stand-in of the licence API of 穗好办 behind the TIF gateway of 数字广东. It verifies the x-tif-* headers
// as the gateway does, serves the licences kept in Guangdong, takes notices of licence changes and lists what it holds of them,
// and can push changes the other way, from the gateway to a service behind it. Sign-on is not served.
package suihaoban

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Addresses of the licence API, and the operations that calls are counted by.
const (
	PathLicence = "/ebus/suihaoban/licence/query"
	PathStatus  = "/ebus/suihaoban/licence/status" // takes notices of changes
	PathHeld    = "/ebus/suihaoban/licence/held"   // lists what it holds of them

	OperationLicence = "licence.query"
	OperationStatus  = "licence.status"
	OperationHeld    = "licence.held"
)

// Business failures of the API (register of assumptions, G1).
const (
	errorCity     = 40001
	errorMismatch = 40002
	errorBody     = 40003
	errorUnknown  = 40004
)

// province is whose licences the API knows.
const province = "440000"

// Config says whom the gateway knows.
type Config struct {
	Tokens         map[string]string `json:"tokens"`         // shared secret by paasid
	HeaderPrefix   string            `json:"headerPrefix"`   // of the signing headers; empty: x-tif
	CityCode       string            `json:"cityCode"`       // expected x-yss-city-code; empty: 440100
	SyncLagSeconds int               `json:"syncLagSeconds"` // how old the copy usually is (cd_time); 0: 300
}

func (c Config) withDefaults() Config {
	if c.HeaderPrefix == "" {
		c.HeaderPrefix = DefaultHeaderPrefix
	}
	if c.CityCode == "" {
		c.CityCode = "440100"
	}
	if c.SyncLagSeconds == 0 {
		c.SyncLagSeconds = 300
	}
	return c
}

type platform struct {
	config   Config
	registry *citizen.Registry
	nonces   nonces
	book     holding.Book
}

// New makes the stand-in. It refuses a configuration without tokens.
func New(config Config, registry *citizen.Registry, clock func() time.Time) (*standin.Server, error) {
	if len(config.Tokens) == 0 {
		return nil, errors.New("suihaoban: no paasid is configured")
	}
	return standin.NewServer(&platform{config: config.withDefaults(), registry: registry}, clock), nil
}

// Operation names a call by its address.
func (p *platform) Operation(request *http.Request, _ []byte) string {
	return map[string]string{
		PathLicence: OperationLicence, PathStatus: OperationStatus, PathHeld: OperationHeld,
	}[request.URL.Path]
}

// Forget drops the nonces.
func (p *platform) Forget() { p.nonces.forget() }

// rejection is the gateway's own answer.
type rejection struct {
	Code int    `json:"code"`
	Msg  string `json:"msg"`
}

// answer is the API's envelope.
type answer struct {
	ErrCode int    `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
	Data    any    `json:"data"` // null when there is no record
}

// Answer lets the gateway verify the call, then the API answer it.
func (p *platform) Answer(call standin.Call) standin.Reply {
	if problem := p.verify(call); problem != "" {
		return standin.JSON(call, http.StatusInternalServerError, rejection{Code: 400001, Msg: problem})
	}
	return standin.JSON(call, http.StatusOK, p.api(call))
}

func (p *platform) api(call standin.Call) answer {
	if setting, has := call.Faults.Get(fault.Business); has {
		return answer{ErrCode: number(setting.Code), ErrMsg: setting.Message}
	}
	if call.Request.Header.Get("x-yss-city-code") != p.config.CityCode {
		return answer{ErrCode: errorCity, ErrMsg: "城市代码不受理"}
	}
	switch call.Operation {
	case OperationStatus:
		return p.status(call)
	case OperationHeld:
		return p.held(call)
	}
	return p.licence(call)
}

func (p *platform) licence(call standin.Call) answer {
	var asked struct {
		IDNumber string `json:"sfzmhm"`
		Name     string `json:"xm"`
	}
	if err := json.Unmarshal(call.Body, &asked); err != nil || asked.IDNumber == "" || call.Request.Method != http.MethodPost {
		return answer{ErrCode: errorBody, ErrMsg: "请求参数错误"}
	}
	person, _ := p.registry.Find(asked.IDNumber)
	if !person.Licensed() || person.Licence.Province() != province {
		return answer{}
	}
	if asked.Name != "" && asked.Name != person.Name {
		return answer{ErrCode: errorMismatch, ErrMsg: "姓名与证件号码不符"}
	}
	return answer{Data: p.row(call, asked.IDNumber)}
}

func (p *platform) row(call standin.Call, idNumber string) map[string]string {
	shown, _ := call.Subject(p.registry, idNumber)
	columns := shown.LicenceRow().Map()
	lag := time.Duration(p.config.SyncLagSeconds) * time.Second
	columns["cd_time"] = citizen.Moment(call.Synchronised(lag))
	return columns
}

// number reads a failure code that was switched on; what is no number becomes -1.
func number(code string) int {
	value, err := strconv.Atoi(code)
	if err != nil {
		return -1
	}
	return value
}
