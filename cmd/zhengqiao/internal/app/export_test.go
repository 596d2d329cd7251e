package app

import "time"

// DelayUntil makes the delay before the intake closes end when the test says so.
func (a *App) DelayUntil(over <-chan time.Time) {
	a.after = func(time.Duration) <-chan time.Time { return over }
}
