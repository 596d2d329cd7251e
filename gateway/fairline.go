package gateway

import (
	"context"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// expected is how long a new ticket of the platform would wait: those before it in its line, over the places that are its due.
func (f *fair) expected(t *tenant) time.Duration {
	takes := t.takes
	if takes == 0 {
		takes = f.takes
	}
	due := max(1, min(t.quota.InFlight, f.places*t.weight/f.weights(t)))
	return takes * time.Duration(len(t.line)+1) / time.Duration(due)
}

// weights sums the weights of those who want places now, t included.
func (f *fair) weights(t *tenant) int {
	sum := 0
	for _, other := range f.tenants {
		if other == t || other.atWork > 0 || len(other.line) > 0 {
			sum += other.weight
		}
	}
	return sum
}

// await waits for the ticket's turn. It gives up when the caller leaves, and when there is no time left to be answered: the wait had
// been judged shorter. The standing is that after a refusal.
func (f *fair) await(ctx context.Context, t *tenant, k *ticket, patience time.Duration) (*Place, Standing, error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case place := <-k.place:
		return place, Standing{}, nil
	case <-ctx.Done():
	case <-timer.C:
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	at := slices.Index(t.line, k)
	if at < 0 { // its turn came at the same moment
		return <-k.place, Standing{}, nil
	}
	t.line = slices.Delete(t.line, at, at+1)
	now := f.clock()
	t.bucket.AllowN(now, -1) // gives back what the ticket took of the rate, as to whoever is refused at once
	return nil, t.standing(f.class, now, retrySoon), f.turnAway(ctx, t)
}

// turnAway makes the error of a ticket that got no place. Who hung up was not refused: nobody hears it, and only the log has it.
func (f *fair) turnAway(ctx context.Context, t *tenant) error {
	if err := ctx.Err(); err != nil {
		return &exchange.Error{Code: exchange.Overloaded, RetryAfter: retrySoon, Err: err}
	}
	return t.refuse(f.blame(t), retrySoon)
}

// blame is why a platform gets no place: its own share is taken, or others have the places.
func (f *fair) blame(t *tenant) refusal {
	if t.atWork >= t.quota.InFlight {
		return refusedShare
	}
	return refusedPlaces
}

// callNext fills free places with those who wait.
func (f *fair) callNext(now time.Time) {
	for f.busy < f.places {
		t := f.neediest()
		if t == nil {
			return
		}
		next := t.line[0]
		place := f.let(t, now)
		t.line = slices.Delete(t.line, 0, 1)
		f.waited(now.Sub(next.since))
		next.place <- place
	}
}

// neediest is the platform in line that used least for its weight; of two that used the same, the one that waits longer. Those who have
// got their share stay in line.
func (f *fair) neediest() *tenant {
	var best *tenant
	for _, t := range f.tenants {
		if len(t.line) > 0 && t.atWork < t.quota.InFlight && (best == nil || t.before(best)) {
			best = t
		}
	}
	return best
}

func (t *tenant) before(other *tenant) bool {
	if t.used != other.used {
		return t.used < other.used
	}
	return t.line[0].since.Before(other.line[0].since)
}

// refuse counts a refusal and makes its error.
func (t *tenant) refuse(reason refusal, after time.Duration) *exchange.Error {
	t.refused[reason]++
	code := exchange.QuotaExceeded
	if reason == refusedPlaces {
		code = exchange.Overloaded
	}
	return &exchange.Error{Code: code, RetryAfter: after}
}
