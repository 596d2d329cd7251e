// Package suishenban is a stand-in of the 上海市电子证照库, the certificate library behind 随申办: a login that opens a session,
// a question whether a certificate exists, and its face data. It verifies session, purpose fields and the holder's name, and
// serves the licences kept in Shanghai. It takes notices of licence changes and lists what it holds of them. Images, derived copies and sign-on are not served.
package suishenban

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Addresses and the operations that calls are counted by.
const (
	PathLogin     = "/zzk/cert/usage/login.do"
	PathExistence = "/zzk/cert/usage/queryCertExistence.do"
	PathOriginal  = "/zzk/cert/usage/getCertOriginalData.do"
	PathStatus    = "/zzk/cert/usage/noticeCertStatus.do" // takes notices of changes
	PathHeld      = "/zzk/cert/usage/listCertStatus.do"   // lists what it holds of them

	OperationLogin     = "login"
	OperationExistence = "queryCertExistence"
	OperationOriginal  = "getCertOriginalData"
	OperationStatus    = "noticeCertStatus"
	OperationHeld      = "listCertStatus"
)

// Failure codes (register of assumptions, S1).
const (
	errorLogin      = "LOGIN_FAILED"
	errorParameter  = "PARAMETER_INVALID"
	errorSession    = "SESSION_INVALID"
	errorPurpose    = "PURPOSE_MISSING"
	errorHolderName = "HOLDER_NAME_MISMATCH"
	errorNotFound   = "CERT_NOT_FOUND"
)

// province is whose licences the library holds.
const province = "310000"

// Config says whom the library knows.
type Config struct {
	Accounts       map[string]string `json:"accounts"`       // password by account
	CatMainCode    string            `json:"catMainCode"`    // catalogue code of the driving licence, e.g. 310105109000999
	SyncLagSeconds int               `json:"syncLagSeconds"` // how old the copy usually is (CD_TIME); 0: 300
}

func (c Config) syncLag() time.Duration {
	if c.SyncLagSeconds > 0 {
		return time.Duration(c.SyncLagSeconds) * time.Second
	}
	return 5 * time.Minute
}

type platform struct {
	config       Config
	registry     *citizen.Registry
	sessions     sessions
	certificates certificates
	book         holding.Book
}

// New makes the stand-in. It refuses a configuration without accounts or without the catalogue code.
func New(config Config, registry *citizen.Registry, clock func() time.Time) (*standin.Server, error) {
	if len(config.Accounts) == 0 || config.CatMainCode == "" {
		return nil, errors.New("suishenban: accounts and catMainCode must be configured")
	}
	return standin.NewServer(&platform{config: config, registry: registry}, clock), nil
}

// Operation names a call by its address.
func (p *platform) Operation(request *http.Request, _ []byte) string {
	return map[string]string{
		PathLogin: OperationLogin, PathExistence: OperationExistence, PathOriginal: OperationOriginal,
		PathStatus: OperationStatus, PathHeld: OperationHeld,
	}[request.URL.Path]
}

// Forget ends every session. Certificates keep their ids.
func (p *platform) Forget() { p.sessions.forget() }

// Answer serves one call.
func (p *platform) Answer(call standin.Call) standin.Reply {
	asked, err := parse(call)
	if err != nil {
		return fail(call, errorParameter, "请求参数错误")
	}
	if setting, has := call.Faults.Get(fault.Business); has {
		return fail(call, setting.Code, setting.Message)
	}
	if call.Operation == OperationLogin {
		return p.login(call, asked)
	}
	if code, message := p.verify(call, asked); code != "" {
		return fail(call, code, message)
	}
	switch call.Operation {
	case OperationExistence:
		return p.existence(call, asked)
	case OperationStatus:
		return p.status(call)
	case OperationHeld:
		return p.held(call)
	}
	return p.original(call, asked)
}

func (p *platform) login(call standin.Call, asked question) standin.Reply {
	password, known := p.config.Accounts[asked.Account]
	if !known || subtle.ConstantTimeCompare([]byte(password), []byte(asked.Password)) != 1 {
		return fail(call, errorLogin, "账号或密码错误")
	}
	return succeed(call, map[string]any{"sessionId": p.sessions.open(call.Now)})
}

// verify looks at the session first, then at the purpose fields that every call must repeat.
func (p *platform) verify(call standin.Call, asked question) (code, message string) {
	if !p.sessions.valid(asked.SessionID, call.Now) {
		return errorSession, "会话无效或已过期"
	}
	for _, field := range []struct{ name, value string }{
		{"orgName", asked.OrgName}, {"username", asked.Username}, {"itemName", asked.ItemName}, {"itemCode", asked.ItemCode},
		{"businessCode", asked.BusinessCode},
	} {
		if strings.TrimSpace(field.value) == "" {
			return errorPurpose, "缺少 " + field.name
		}
	}
	return "", ""
}
