package trail

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// asked is the form as it was filled in; moments are China's.
type asked struct{ Log, Platform, Decision, Subject, From, Until string }

func read(form url.Values) (asked, query, error) {
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	a := asked{get("log"), get("platform"), get("decision"), get("subject"), get("from"), get("until")}
	q := query{Platform: a.Platform, Decision: a.Decision, Subject: a.Subject}
	var err error
	for text, into := range map[*string]*time.Time{&a.From: &q.From, &a.Until: &q.Until} {
		if *text != "" && err == nil {
			*into, err = time.ParseInLocation("2006-01-02T15:04", *text, exchange.Shanghai())
		}
	}
	if err != nil {
		err = wrong("时间格式应为 2026-11-24T09:30（北京时间）。", "A time is written as 2026-11-24T09:30 (China Standard Time).")
	}
	return a, q, err
}

func wrong(zh, en string) error {
	return &console.Fault{Status: http.StatusUnprocessableEntity, Text: watch.Text{Zh: zh, En: en}}
}

// older is the address of what comes before; a search for a person has none, since each one is ordered anew.
func (a asked) older(o *outcome) string {
	if o.Whole || a.Subject != "" {
		return ""
	}
	values := url.Values{"before": {strconv.FormatUint(o.Back, 10)}}
	for name, value := range map[string]string{"log": a.Log, "platform": a.Platform, "decision": a.Decision, "from": a.From, "until": a.Until} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return "/records?" + values.Encode()
}
