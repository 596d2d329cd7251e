package poll

import (
	"cmp"
	"errors"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Patience says how long a failing source is left alone. The zero value of each member is its default.
type Patience struct {
	First   time.Duration // longest wait after the first failure; doubles with each. 0: 1 s
	Longest time.Duration // longest wait ever. 0: 5 min
}

// wait gives the time until the next question after so many failures in a row: exponential, of which at least a half, so that sources
// that fail together are not asked together, and none is asked at once. The source's own advice is heeded, up to Longest.
func (p Patience) wait(failures int, advice time.Duration, random func(time.Duration) time.Duration) time.Duration {
	ceiling, longest := cmp.Or(p.First, time.Second), cmp.Or(p.Longest, 5*time.Minute)
	for range failures - 1 {
		if ceiling >= longest {
			break
		}
		ceiling *= 2
	}
	ceiling = min(ceiling, longest)
	return min(max(ceiling/2+random(ceiling/2+1), advice), longest)
}

// advised gives the source's own advice in an error, 0 for none.
func advised(err error) time.Duration {
	if failure, ok := errors.AsType[*exchange.Error](err); ok {
		return failure.RetryAfter
	}
	return 0
}
