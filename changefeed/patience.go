package changefeed

import (
	"cmp"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Patience says how long a failing platform is tried. The zero value of each member is its default.
type Patience struct {
	First     time.Duration // longest wait before the second attempt; doubles with each. 0: 200 ms
	Longest   time.Duration // longest wait ever. 0: 1 h
	ParkAfter time.Duration // a delivery that fails this long while the platform takes others is parked. 0: 1 h
	MaxAge    time.Duration // a platform that takes nothing for this long is switched off. 0: 72 h
}

func (p Patience) withDefaults() Patience {
	return Patience{
		First: cmp.Or(p.First, 200*time.Millisecond), Longest: cmp.Or(p.Longest, time.Hour),
		ParkAfter: cmp.Or(p.ParkAfter, time.Hour), MaxAge: cmp.Or(p.MaxAge, 72*time.Hour),
	}
}

// wait gives the time before the next attempt after so many failures: exponential with full jitter, so that platforms which fail
// together do not come back together. The platform's own advice is heeded, up to Longest.
func (p Patience) wait(failures int, advice time.Duration, random func(time.Duration) time.Duration) time.Duration {
	ceiling := p.First
	for range failures - 1 {
		if ceiling >= p.Longest {
			break
		}
		ceiling *= 2
	}
	return min(max(random(min(ceiling, p.Longest)), advice), p.Longest)
}

// verdict is what becomes of a delivery that was not taken.
type verdict int

const (
	tryAgain verdict = iota
	refusedForGood
	endpointGone
)

// judge reads a receiver's error.
func judge(err error) verdict {
	switch exchange.CodeOf(err) {
	case exchange.EndpointGone:
		return endpointGone
	case exchange.SourceDown, exchange.SourceTimeout, exchange.Overloaded, exchange.TransferInterrupted, exchange.SourceInvalid,
		exchange.Internal, exchange.PolicyUnavailable, exchange.RecordNotDurable:
		return tryAgain
	}
	return refusedForGood
}
