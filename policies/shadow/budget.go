package shadow

import "time"

// burst is how much of its time the candidate may save up while nobody asks.
const burst = 200 * time.Millisecond

// budget is the time that the candidate may still take. It earns a share of the time that passes; what an evaluation took, waiting
// for a processor included, is taken off, so that on a busy machine the candidate is asked less.
type budget struct {
	share float64
	left  time.Duration
	at    time.Time
}

func newBudget(share float64, now time.Time) budget {
	return budget{share: share, left: burst, at: now}
}

// has reports whether there is time left.
func (b *budget) has(now time.Time) bool {
	earned := time.Duration(float64(now.Sub(b.at)) * b.share)
	b.at, b.left = now, min(b.left+max(earned, 0), burst)
	return b.left > 0
}

func (b *budget) spend(took time.Duration) { b.left -= max(took, 0) }
