package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// JudgeStudy gives one verdict and keeps what was asked.
func (d *desk) JudgeStudy(_ context.Context, question exchange.StudyQuestion) (exchange.StudyVerdict, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.judged = question
	most, text := 3, exchange.Text{ZH: "甲", EN: "a"}
	return exchange.StudyVerdict{
		Revision: strings.Repeat("ab", 32), Verdict: exchange.StudyCannotTell, Text: text, Basis: "公安部令163号", From: exchange.Date{Year: 2022, Month: 4, Day: 1},
		Grounds: []exchange.StudyGround{{
			Code: "points_recorded", Article: "25", State: "clear", Why: "known", From: []exchange.Field{"points"}, Text: text,
		}, {Code: "no_cheating", Article: "26(5)", State: "unknown", Why: "police", From: []exchange.Field{}, Police: true, Text: text}},
		Ways: []exchange.StudyWay{
			{Code: "online", Article: "27", Minutes: 30, Days: 3, Exam: true, Points: 1, Text: text},
			{Code: "publicService", Article: "27", Minutes: 60, Points: 1, Text: text}, // at once: no days
		},
		Notes: []exchange.StudyNote{{Article: "31", Text: text}}, Most: &most,
	}, nil
}

// The rig holds the answer to the contract.
func TestStudyEligibility(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := bytes.Replace(withoutFields(t), []byte(`"maxAge"`), []byte(`"police": {"reduced": 2, "gravePenalty": false}, "maxAge"`), 1)
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/study/eligibility", body))
	var answer struct {
		Study   map[string]any
		Receipt map[string]any
		Licence any
	}
	if err := json.Unmarshal(got.body, &answer); err != nil || got.status != 200 {
		t.Fatalf("%d, %v: %s", got.status, err, got.body)
	}
	if answer.Study["verdict"] != "cannotTell" || answer.Study["cycleEnd"] != "2027-05-09" || answer.Study["from"] != "2022-04-01" || answer.Licence != nil {
		t.Errorf("answer %s", got.body)
	}
	if p := r.desk.judged.Police; p.Reduced == nil || *p.Reduced != 2 || p.GravePenalty == nil || *p.GravePenalty || p.VehicleOverdue != nil || r.desk.judged.Platform != "suishenban" {
		t.Errorf("asked %+v", r.desk.judged)
	}
	for _, fault := range []string{`"police": {"reduced": -1}, `, `"police": {"reduced": 1e9}, `, `"police": {"unknown": true}, `, `"police": null, `, `"fields": ["points"], `} {
		bad := bytes.Replace(withoutFields(t), []byte(`"maxAge"`), []byte(fault+`"maxAge"`), 1)
		if got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/study/eligibility", bad)); got.status != 422 {
			t.Errorf("%s: %d %s", fault, got.status, got.body)
		}
	}
}
