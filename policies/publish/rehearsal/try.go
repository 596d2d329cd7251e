package rehearsal

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/policies/authoring/tryout"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// MomentLimits bound the child of an attempt that somebody waits for at each key: compiling the shipped policies and one decision need a
// tenth of a second.
func MomentLimits() Limits {
	return Limits{Memory: 512 << 20, CPU: 5 * time.Second, Wall: 10 * time.Second, Decision: time.Second}
}

// WholeLimits bound the child of a whole attempt, with all checks and two matrices. It ends before a browser's patience.
func WholeLimits() Limits {
	return Limits{Memory: 1 << 30, CPU: 20 * time.Second, Wall: 20 * time.Second, Decision: time.Second}
}

// ImpactLimits bound the child that decides recorded decisions again: 20,000 of everyday traffic need some 5 s of processor time.
func ImpactLimits() Limits {
	return Limits{Memory: 1 << 30, CPU: 60 * time.Second, Wall: 90 * time.Second, Decision: time.Second}
}

// Try makes an attempt on a candidate in a child of its own and gives the [tryout.Outcome] as JSON. told hears how far it is; nil: nobody.
// Nothing of it is kept. Attempts don't wait for one another. Errors: a [publish.Refusal] with [publish.Exhausted] if the child met its
// bounds, with [publish.Unbounded] if it can't be bounded here; the context's.
func (s *Stage) Try(ctx context.Context, before, candidate publish.Files, a tryout.Attempt, told func(done, all int)) ([]byte, error) {
	if a.What == tryout.ADecision {
		before = nil // nobody asks them, and somebody waits at each key
	}
	return s.run(ctx, &task{Before: before, Candidate: candidate, Limits: s.Limits, Attempt: &a}, told)
}
