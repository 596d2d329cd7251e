package exchange

import (
	"testing"
	"time"
)

// meter counts nothing; it says what it is told to.
type meter struct {
	spent bool
	used  []Use
}

func (m *meter) Count(use Use, quotas []Quota) (*Quota, time.Duration) {
	m.used = append(m.used, use)
	if m.spent {
		return &quotas[0], time.Minute
	}
	return nil, 0
}

// TestQuotas: a query that policy allowed is counted before any source is asked; one over a quota reaches none.
func TestQuotas(t *testing.T) {
	t.Parallel()
	reason := Reason{Code: "quota_of_purpose_spent"}
	for name, c := range map[string]struct {
		meter Meter
		code  Code
	}{
		"there is room": {&meter{}, ""},
		"it is spent":   {&meter{spent: true}, QuotaExceeded},
		"nobody counts": {nil, PolicyUnavailable},
	} {
		b := newBench()
		b.Meter = c.meter
		b.decider.decision.Quotas = []Quota{{CountedSubjects, 1, time.Hour, reason}}
		answer, err := b.Query(t.Context(), query(t))
		if c.code == "" {
			if err != nil || answer == nil || b.first.asked != 1 {
				t.Errorf("%s: error %v", name, err)
			}
			continue
		}
		failure := b.refused(t, answer, err, c.code)
		if b.first.asked != 0 || b.register.asked != 0 {
			t.Errorf("%s: somebody was asked", name)
		}
		if c.code == QuotaExceeded && (failure.RetryAfter != time.Minute || failure.Reasons[0] != reason) {
			t.Errorf("%s: %+v", name, failure)
		}
	}
}

// TestUnboundedIsNotCounted: what was refused, or has no quota, is not counted; what is counted names nobody.
func TestUnboundedIsNotCounted(t *testing.T) {
	t.Parallel()
	counting := &meter{}
	b := newBench()
	b.Meter = counting
	if _, err := b.Query(t.Context(), query(t)); err != nil || len(counting.used) != 0 {
		t.Errorf("error %v, counted %v", err, counting.used)
	}
	b.decider.decision.Quotas = []Quota{{Of: CountedRequests, Most: 1, Per: time.Hour}}
	if _, err := b.Query(t.Context(), query(t)); err != nil || counting.used[0] != (Use{"suishenban", "licence-view", "pseudonym-1****************X", now()}) {
		t.Errorf("error %v, counted %v", err, counting.used)
	}
	b.decider.decision.Allow = false
	if _, err := b.Query(t.Context(), query(t)); err == nil || len(counting.used) != 1 {
		t.Errorf("error %v, counted %v", err, counting.used)
	}
}
