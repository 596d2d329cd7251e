package citizen

import (
	"slices"
	"time"
)

// overLimit gives the day of the decision with which the points of the cycle reached 12 (公安部令第163号, articles 3 and
// 14), the zero time when they have not.
func overLimit(decisions []Decision, cycleStart time.Time) time.Time {
	ordered := slices.Clone(decisions)
	slices.SortFunc(ordered, func(a, b Decision) int { return a.Decided.Compare(b.Decided) })
	points := 0
	for _, decision := range ordered {
		if decision.Decided.Before(cycleStart) {
			continue
		}
		if points += decision.Offence.Points; points >= 12 {
			return dayOf(decision.Decided)
		}
	}
	return time.Time{}
}

// updated draws the time of the last update: up to ten hours after the last thing that happened to the licence.
func (m *maker) updated(licence Licence) time.Time {
	latest := licence.Issued
	for _, decision := range licence.Decisions {
		if decision.updated().After(latest) {
			latest = decision.updated()
		}
	}
	latest = latest.Add(time.Duration(between(m.random, 1, 600)) * time.Minute)
	if latest.After(m.now) {
		return m.now
	}
	return latest
}
