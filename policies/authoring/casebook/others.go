package casebook

import (
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Study asks whether points may be reduced by education, instead of who may see what.
type Study struct {
	Platform  string
	Day       string // yyyy-MM-dd; empty: that of every case
	Status    exchange.StatusSet
	Points    *int
	Probation *bool
	Withheld  []exchange.Field
	Police    exchange.PoliceFacts
}

// Question is the question as the gateway would put it.
func (s *Study) Question() (exchange.StudyQuestion, error) {
	question := exchange.StudyQuestion{
		Now: Noon(), Platform: s.Platform, Status: s.Status, Points: s.Points, Withheld: s.Withheld, Police: s.Police,
	}
	if s.Probation != nil {
		question.Probation = map[bool]string{true: "1", false: "2"}[*s.Probation]
	}
	if s.Day == "" {
		return question, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, s.Day, exchange.Shanghai())
	question.Now = day.Add(12 * time.Hour)
	return question, err
}

// BreakGlass asks whether an operator gets emergency access, instead of who may see what.
type BreakGlass struct {
	Action      exchange.BreakGlassAction
	Operator    string
	Region      exchange.Region
	LegalBasis  string `yaml:"legalBasis"`
	Minutes     int
	OpenedToday int  `yaml:"openedToday"`
	Hour        *int // of the day in China; absent: that of every case
}

// Question is the question as the gateway would put it.
func (b *BreakGlass) Question() exchange.BreakGlassQuestion {
	now := Noon()
	if b.Hour != nil {
		now = now.Add(time.Duration(*b.Hour-12) * time.Hour)
	}
	return exchange.BreakGlassQuestion{
		Now: now, Action: b.Action, Operator: b.Operator, Region: b.Region, LegalBasis: b.LegalBasis, Minutes: b.Minutes, OpenedToday: b.OpenedToday,
	}
}

// OfStudy says what of a verdict is not as expected. Grounds that the case does not name are expected to be clear.
func (e *Expectation) OfStudy(got *exchange.StudyVerdict) []Difference {
	var all differences
	all.compare("verdict", got.Verdict, e.Verdict)
	for _, state := range []struct {
		name string
		want []string
	}{{"against", e.Against}, {"unknown", e.Unknown}} {
		var is []string
		for _, ground := range got.Grounds {
			if ground.State == state.name {
				is = append(is, ground.Code)
			}
		}
		all.compare(state.name, is, state.want)
	}
	if e.Why != nil {
		why := map[string]string{}
		for _, ground := range got.Grounds {
			if _, asked := e.Why[ground.Code]; asked {
				why[ground.Code] = ground.Why
			}
		}
		all.compare("why", why, e.Why)
	}
	all.compare("most", orNone(got.Most), orNone(e.Most))
	return all
}

func orNone(n *int) any {
	if n == nil {
		return "none"
	}
	return *n
}

// OfBreakGlass says what of the terms of an emergency access is not as expected.
func (e *Expectation) OfBreakGlass(got *exchange.BreakGlassTerms) []Difference {
	var all differences
	all.compare("allow", len(got.Reasons) == 0, e.Allow)
	all.compare("reasons", codesOf(got.Reasons), slices.Sorted(slices.Values(e.Reasons)))
	if e.Terms != nil {
		all.compare("terms", Terms{got.SecondPerson, got.ConfirmMinutes, got.Queries, got.Unit, len(got.Fields)}, *e.Terms)
	}
	return all
}

// Terms are those of an emergency access, with the number of fields.
type Terms struct {
	SecondPerson   bool `yaml:"secondPerson"`
	ConfirmMinutes int  `yaml:"confirmMinutes"`
	Queries        int
	Unit           string
	Fields         int
}
