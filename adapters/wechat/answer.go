package wechat

import (
	"errors"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// WeChat's errcodes (全局返回码, and those of subscribeMessage.send). -1 and unknown ones are worth another try.
const (
	errorToken        = "40001" // access_token is wrong or has ended
	errorTokenForm    = "40014" // access_token is none
	errorTokenExpired = "42001" // access_token has ended
	errorOpenID       = "40003" // touser is nobody's openid
	errorAppID        = "40013" // no such app
	errorTemplate     = "40037" // no such template
	errorSecret       = "40125" // the app's secret is wrong
	errorAddress      = "40164" // our address is not on the app's list
	errorNobody       = "40097" // 城市服务 (W2) knows no such person
	errorPage         = "41030" // no such page
	errorUnsubscribed = "43101" // the citizen refused, or has used up what was asked for
	errorQuota        = "45009" // the day's calls are used up
	errorBlocked      = "45168" // the text is blocked
	errorValue        = "47003" // a value breaks its kind's limit
)

// quotaAdvice is when a call that found its quota used up may be tried again: quotas are of a day or a minute, and which one
// it was is not said.
const quotaAdvice = 10 * time.Minute

// refusal is an errcode other than 0, with the failure that it stands for.
type refusal struct {
	code string
	err  *exchange.Error
}

// refused reads the errcode of an answer: nil for 0. An answer without one is SourceInvalid.
func refused(body []byte, failures row.Failures) *refusal {
	var a struct {
		ErrCode *int64 `json:"errcode"`
	}
	if json.Unmarshal(body, &a) != nil || a.ErrCode == nil {
		return &refusal{err: exchange.Errorf(exchange.SourceInvalid, "the answer has no errcode")}
	}
	if *a.ErrCode == 0 {
		return nil
	}
	return refusalOf(strconv.FormatInt(*a.ErrCode, 10), failures)
}

func refusalOf(code string, failures row.Failures) *refusal {
	failure, ok := errors.AsType[*exchange.Error](failures.Error(code))
	if !ok {
		failure = exchange.Errorf(exchange.SourceInvalid, "the answer's errcode means nothing")
	}
	if code == errorQuota {
		failure.RetryAfter = quotaAdvice
	}
	return &refusal{code, failure}
}

// stale reports whether a new access token may help.
func (r *refusal) stale() bool {
	return r != nil && (r.code == errorToken || r.code == errorTokenForm || r.code == errorTokenExpired)
}

// ours reports whether the configuration must be mended: nothing of this kind will be taken before.
func (r *refusal) ours() bool {
	return r != nil && (r.code == errorTemplate || r.code == errorPage || r.code == errorValue)
}
