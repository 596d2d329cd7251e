package exchange

import (
	"testing"
	"time"
)

func TestAge(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		age     time.Duration
		onStale StaleAction
		want    Code // of the first source's attempt
		stale   bool
	}{
		"fresh":                     {time.Minute, StaleRefuse, Answered, false},
		"at the bound":              {time.Hour, StaleRefuse, Answered, false},
		"over the bound":            {time.Hour + time.Second, StaleRefuse, TooOld, false},
		"over the bound, mark":      {time.Hour + time.Second, StaleMark, Answered, true},
		"over the bound, unset":     {time.Hour + time.Second, "", TooOld, false},
		"clocks differ":             {-180 * time.Second, StaleRefuse, Answered, false},
		"in the future":             {-181 * time.Second, StaleMark, SourceInvalid, false},
		"decades old":               {50 * 365 * 24 * time.Hour, StaleRefuse, TooOld, false},
		"not dated, mark or refuse": {now().Sub(time.Time{}), StaleMark, SourceInvalid, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench()
			b.decider.decision.OnStale = c.onStale
			b.first.asOf = now().Add(-c.age)
			if c.age == now().Sub(time.Time{}) { // over 292 years, which no Duration holds
				b.first.asOf = time.Time{}
			}
			answer, err := b.Query(t.Context(), query(t))
			if err != nil {
				t.Fatal(err) // the second source is always fresh
			}
			record := b.recorder.only(t)
			if got := record.Attempts[1].Outcome; got != string(c.want) || answer.Provenance.Fallback != (c.want != Answered) {
				t.Errorf("the first source: %s, want %s", got, c.want)
			}
			if answer.Provenance.Stale != c.stale || record.Stale != c.stale {
				t.Errorf("stale %v, recorded %v", answer.Provenance.Stale, record.Stale)
			}
		})
	}
}

func TestAllTooOld(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.first.asOf, b.second.asOf = now().Add(-2*time.Hour), now().Add(-3*time.Hour)
	answer, err := b.Query(t.Context(), query(t))
	if failure := b.refused(t, answer, err, TooOld); failure.Source != "first" {
		t.Errorf("told of %s", failure.Source)
	}
	if record := b.recorder.only(t); record.Disclosed != nil || record.Source != "" {
		t.Errorf("the record claims a disclosure: %+v", record)
	}
}
