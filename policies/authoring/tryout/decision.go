package tryout

import (
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

// Decision is a decision for people to read.
type Decision struct {
	Allow     bool       `json:"allow"`
	Assurance string     `json:"assurance"`
	Freshness string     `json:"freshness,omitempty"` // tier of the data; "": refused
	OnStale   string     `json:"onStale,omitempty"`
	Seconds   int64      `json:"seconds"` // how old the data may be
	Identity  bool       `json:"identity"`
	Reasons   []Reason   `json:"reasons,omitempty"`
	Shown     []Shown    `json:"shown,omitempty"`    // by field
	Withheld  []Withheld `json:"withheld,omitempty"` // by field
}

// Reason is why a request is refused.
type Reason struct {
	Code string        `json:"code"`
	Rule string        `json:"rule"`
	Text exchange.Text `json:"text"`
}

// Shown is a field that is given, and how: a mask, or [Clear].
type Shown struct {
	Field exchange.Field `json:"field"`
	Mask  string         `json:"mask"`
	Rule  string         `json:"rule"`
}

// Withheld is a field that is not given, and why.
type Withheld struct {
	Field exchange.Field `json:"field"`
	Reason
}

func decisionOf(answer *trial.Answer) *Decision {
	d := &Decision{
		Allow: answer.Allow, Assurance: answer.Assurance, Freshness: answer.Freshness, OnStale: string(answer.OnStale),
		Seconds: int64(answer.AgeBound.Seconds()), Identity: answer.CheckIdentity,
	}
	for _, reason := range answer.Reasons {
		d.Reasons = append(d.Reasons, Reason{reason.Code, reason.Rule, reason.Text})
	}
	for _, field := range answer.About() {
		if mask, shown := answer.Grants[field]; shown {
			d.Shown = append(d.Shown, Shown{field, word(mask), answer.RuleOf(field)})
			continue
		}
		i := slices.IndexFunc(answer.Withheld, func(w exchange.Withheld) bool { return w.Field == field })
		w := answer.Withheld[i] // a decision is about no other fields
		d.Withheld = append(d.Withheld, Withheld{field, Reason{w.Code, w.Rule, w.Text}})
	}
	return d
}
