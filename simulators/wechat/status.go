package wechat

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// notice is a change of a licence's status. A member that is not listed is refused.
type notice struct {
	OutKey   string `json:"out_key"`
	Version  uint64 `json:"version"`
	CertInfo struct {
		CertType string `json:"cert_type"`
		CertNo   string `json:"cert_no"`
	} `json:"cert_info"`
	ChangeTime int64 `json:"change_time"`
	Changes    []struct {
		Type   string `json:"type"`
		Status string `json:"status"`
	} `json:"changes"`
	Licence map[string]string `json:"licence"`
	Masked  []string          `json:"masked"`
}

// status takes the state of a licence.
func (p *platform) status(call standin.Call) standin.Reply {
	var told notice
	if holding.Strict(call.Body, &told) != nil || !told.wellFormed() {
		return fail(call, errorParameter, "data format error")
	}
	if _, known := p.registry.Find(told.CertInfo.CertNo); !known {
		return fail(call, errorNobody, "no such person")
	}
	key, version := told.OutKey, p.book.Take(told.copy(call.Now))
	if call.Faults.Has(fault.WrongPerson) {
		key = "another"
	}
	return standin.JSON(call, http.StatusOK, map[string]any{"errcode": 0, "errmsg": "ok", "out_key": key, "version": version})
}

// wellFormed tells whether the notice says what it must and nothing else.
func (n notice) wellFormed() bool {
	for name := range n.Licence {
		if !slices.Contains([]string{
			"status", "may_drive", "classes", "valid_until", "long_term", "validity", "card_no", "issue_date", "replace_count",
			"points", "cycle_end",
		}, name) {
			return false
		}
	}
	for _, name := range n.Masked {
		if !strings.Contains(n.Licence[name], "*") {
			return false
		}
	}
	dated := (n.ChangeTime > 0) == (len(n.Changes) > 0)
	return n.CertInfo.CertType == "IDENTITY_CARD" && n.CertInfo.CertNo != "" && n.OutKey != "" && n.Version > 0 && len(n.Licence) > 0 && dated
}

func (n notice) copy(now time.Time) holding.Copy {
	held := holding.Copy{
		Licence: n.OutKey, IDNumber: n.CertInfo.CertNo, Version: n.Version, Fields: n.Licence, Masked: n.Masked, Learned: now,
	}
	for _, change := range n.Changes {
		held.Events = append(held.Events, holding.Event{Kind: change.Type, Letter: change.Status})
	}
	return held
}

// held lists what 城市服务 holds.
func (p *platform) held(call standin.Call) standin.Reply {
	var asked struct {
		AfterKey string `json:"after_key"`
		Limit    int    `json:"limit"`
	}
	if holding.Strict(call.Body, &asked) != nil || asked.Limit < 1 || asked.Limit > 1000 {
		return fail(call, errorParameter, "data format error")
	}
	rows := []map[string]any{}
	for _, line := range p.book.List(asked.AfterKey, asked.Limit) {
		rows = append(rows, map[string]any{"out_key": line.Licence, "version": line.Version, "digest": line.Digest})
	}
	return standin.JSON(call, http.StatusOK, map[string]any{"errcode": 0, "errmsg": "ok", "list": rows})
}
