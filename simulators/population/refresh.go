package population

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Codes of the exchange platform.
const (
	codeOK            = "0"
	codeFailed        = "-1"    // wrong signature, wrong time, or a secret that has ended
	codeNotAuthorised = "E-106" // requester unknown or service not granted
)

// secrets holds the current secret of each requester. A new one ends the one before.
type secrets struct {
	mu      sync.Mutex
	current map[string]secret
}

type secret struct {
	value string
	ends  time.Time
}

func (s *secrets) put(requester string, fresh secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		s.current = map[string]secret{}
	}
	s.current[requester] = fresh
}

// get gives the secret that is valid now, empty when there is none.
func (s *secrets) get(requester string, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if held := s.current[requester]; now.Before(held.ends) {
		return held.value
	}
	return ""
}

func (s *secrets) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = nil
}

// refreshAnswer is the answer to a refresh; Data is absent from a failure.
type refreshAnswer struct {
	Code    string       `json:"code"`
	Message string       `json:"message"`
	Data    *refreshData `json:"data,omitempty"`
}

type refreshData struct {
	Secret        string `json:"secret"`        // wrapped with the appkey
	SecretEndTime int64  `json:"secretEndTime"` // milliseconds
}

func reject(call standin.Call, code, message string) standin.Reply {
	return standin.JSON(call, http.StatusOK, refreshAnswer{Code: code, Message: message})
}

// refresh hands out a new secret to whoever signs with the appkey.
func (p *platform) refresh(call standin.Call) standin.Reply {
	if setting, has := call.Faults.Get(fault.Business); has {
		return reject(call, setting.Code, setting.Message)
	}
	var caller identity
	if err := json.Unmarshal(call.Body, &caller); err != nil || call.Request.Method != http.MethodPost {
		return reject(call, codeFailed, "请求格式错误")
	}
	appKey, known := p.config.Requesters[caller.Requester]
	switch {
	case !known || caller.Service != p.config.Service:
		return reject(call, codeNotAuthorised, "未授权")
	case !caller.onTime(call.Now) || !caller.signedWith(appKey):
		return reject(call, codeFailed, "签名校验失败")
	}
	fresh := secret{value: p.mint.Next("population " + caller.Requester), ends: call.Now.Add(p.secretLife())}
	wrapped, err := wrap(appKey, fresh.value)
	if err != nil {
		return reject(call, codeFailed, "密钥生成失败")
	}
	p.secrets.put(caller.Requester, fresh)
	return standin.JSON(call, http.StatusOK, refreshAnswer{
		Code: codeOK, Data: &refreshData{Secret: wrapped, SecretEndTime: fresh.ends.UnixMilli()},
	})
}
