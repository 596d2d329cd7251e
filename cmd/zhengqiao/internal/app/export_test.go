package app

import (
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// DelayUntil makes the delay before the intake closes end when the test says so.
func (a *App) DelayUntil(over <-chan time.Time) {
	a.after = func(time.Duration) <-chan time.Time { return over }
}

// Hurried tells whether the source of signed policies is to be looked at now, and forgets it.
func (a *App) Hurried() bool {
	select {
	case <-a.bundles.hurry:
		return true
	default:
		return false
	}
}

// Candidate gives the revision of the candidate in the shadow, and since when it is compared.
func (a *App) Candidate() (revision string, since time.Time) {
	report := a.decisions.shadow.Report("", a.decisions.shadow.candidate.Revision())
	return report.Candidate, report.Since
}

// Guarded is for tests.
var Guarded = guarded

// Behind gives what is behind a receiver.
func (a *App) Behind(receiver string) *exchange.Receiver {
	return a.changes.told.lasting[receiver].now.Load().receiver
}
