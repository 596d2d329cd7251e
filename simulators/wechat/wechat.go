// Package wechat is a stand-in of WeChat's API as a licence platform uses it: access tokens, subscribe messages (订阅消息) with
// the checks of a template's values, and the licence status of 城市服务 (W2 in the register of assumptions). It keeps the last
// message to each citizen and the state that it was told. Sign-on, face check and payment are not served.
package wechat

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Addresses and the operations that calls are counted by.
const (
	PathToken     = "/cgi-bin/token"
	PathSubscribe = "/cgi-bin/message/subscribe/send"
	PathStatus    = "/cityservice/licence/setstatus"
	PathHeld      = "/cityservice/licence/getstatuslist"

	OperationToken     = "token"
	OperationSubscribe = "subscribe.send"
	OperationStatus    = "cityservice.setstatus"
	OperationHeld      = "cityservice.getstatuslist"
)

// Failure codes: WeChat's own, but for errorParameter and errorNobody of 城市服务 (W2).
const (
	errorToken        = 40001
	errorOpenID       = 40003
	errorAppID        = 40013
	errorTemplate     = 40037
	errorSecret       = 40125
	errorPage         = 41030
	errorExpired      = 42001
	errorUnsubscribed = 43101
	errorValue        = 47003
	errorParameter    = 47001
	errorNobody       = 40097
)

// Config says which mini programs WeChat knows.
type Config struct {
	Apps      map[string]string              `json:"apps"`      // secret by appid
	Templates map[string]map[string][]string `json:"templates"` // by appid, then template id: the template's keys, such as thing1
	Pages     []string                       `json:"pages"`     // pages that exist; a message may name none
	Allowed   int                            `json:"allowed"`   // messages of a template that each citizen asked for; 0: 100
}

type platform struct {
	config   Config
	registry *citizen.Registry
	tokens   tokens
	messages messages
	citizens citizens
	book     holding.Book
}

// New makes the stand-in. It refuses a configuration without a mini program.
func New(config Config, registry *citizen.Registry, clock func() time.Time) (*standin.Server, error) {
	if len(config.Apps) == 0 {
		return nil, errors.New("wechat: no app is configured")
	}
	if config.Allowed == 0 {
		config.Allowed = 100
	}
	return standin.NewServer(&platform{config: config, registry: registry}, clock), nil
}

// OpenID is how a mini program knows a citizen: another text at each, which tells nothing of who it is.
func OpenID(appID, idNumber string) string {
	digest := sha256.Sum256([]byte("openid " + appID + " " + idNumber))
	return "o" + hex.EncodeToString(digest[:13]) + "x"
}

// Operation names a call by its address.
func (p *platform) Operation(request *http.Request, _ []byte) string {
	return map[string]string{
		PathToken: OperationToken, PathSubscribe: OperationSubscribe, PathStatus: OperationStatus, PathHeld: OperationHeld,
	}[request.URL.Path]
}

// Forget ends every access token.
func (p *platform) Forget() { p.tokens.forget() }

// Book gives what 城市服务 holds of the changes that it was told, and the last message to each citizen.
func (p *platform) Book() *holding.Book { return &p.book }

// Answer serves one call. Failures have status 200, as everything has.
func (p *platform) Answer(call standin.Call) standin.Reply {
	if setting, has := call.Faults.Get(fault.Business); has {
		code, err := strconv.Atoi(setting.Code)
		if err != nil {
			code = -1
		}
		return fail(call, code, setting.Message)
	}
	if call.Operation == OperationToken {
		return p.token(call)
	}
	appID, problem := p.tokens.app(call.Request.URL.Query().Get("access_token"), call.Now)
	switch {
	case problem != 0:
		return fail(call, problem, "access_token is invalid or not latest")
	case call.Request.Method != http.MethodPost:
		return fail(call, 43002, "require POST method")
	case call.Operation == OperationSubscribe:
		return p.subscribe(call, appID)
	case call.Operation == OperationStatus:
		return p.status(call)
	}
	return p.held(call)
}

func fail(call standin.Call, code int, message string) standin.Reply {
	return standin.JSON(call, http.StatusOK, map[string]any{"errcode": code, "errmsg": message})
}
