package gateway

import (
	"context"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// fair shares a number of places between platforms. Whoever finds a place and is within its quota gets it at once; others wait, each
// platform in a line of its own, and the next place goes to the platform that used least for its weight. So a platform that asks for too
// much waits behind itself only. Nobody waits who could not be answered in time. It is safe for concurrent use.
type fair struct {
	class  Class
	lines  bool // false: whoever finds no place is refused at once
	clock  func() time.Time
	waited func(time.Duration) // is told how long whoever stood in a line stood there

	mu       sync.Mutex
	places   int // held by mu, as is all below
	busy     int
	standard PlatformQuota // of platforms that have none of their own
	tenants  map[string]*tenant
	started  float64       // what the platform had used that was let in last
	takes    time.Duration // how long a request holds its place, smoothed; 0: not known yet
}

func newFair(class Class, places int, lines bool, clock func() time.Time) *fair {
	return &fair{class: class, places: places, lines: lines, clock: clock, tenants: map[string]*tenant{}, waited: func(time.Duration) {}}
}

// Place is the right to be worked on. It is given back once, with [Place.Leave].
type Place struct {
	fair   *fair
	tenant *tenant
	since  time.Time
}

// ticket is a place in a line.
type ticket struct {
	since time.Time
	place chan *Place // holds the place once it is the ticket's turn
}

// enter gives the platform a place, at once or after a wait, as long as there is time to be answered within the budget. Its errors are
// [exchange.QuotaExceeded], for what is the platform's own doing, and [exchange.Overloaded], with the time after which to come again. The
// standing is that after this request.
func (f *fair) enter(ctx context.Context, platform string, budget time.Duration) (*Place, Standing, error) {
	f.mu.Lock()
	now := f.clock()
	t := f.tenant(platform)
	if refusal := f.judge(t, now, budget); refusal != nil {
		standing := t.standing(f.class, now, refusal.RetryAfter)
		f.mu.Unlock()
		return nil, standing, refusal
	}
	f.catchUp(t)
	if f.canEnter(t) {
		place := f.let(t, now)
		standing := t.standing(f.class, now, 0)
		f.mu.Unlock()
		return place, standing, nil
	}
	k := &ticket{since: now, place: make(chan *Place, 1)}
	t.line = append(t.line, k)
	standing, patience := t.standing(f.class, now, 0), budget-t.takes
	f.mu.Unlock()
	place, refused, err := f.await(ctx, t, k, patience)
	if err != nil {
		return nil, refused, err
	}
	return place, standing, nil
}

// judge says why a request is refused at once; nil if it is not.
func (f *fair) judge(t *tenant, now time.Time, budget time.Duration) *exchange.Error {
	reservation := t.bucket.ReserveN(now, 1)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return t.refuse(refusedRate, wait)
	}
	if f.canEnter(t) {
		return nil
	}
	wait := f.expected(t)
	if f.lines && len(t.line) < t.quota.InFlight && wait+t.takes <= budget {
		return nil
	}
	reservation.CancelAt(now)
	return t.refuse(f.blame(t), max(wait, retrySoon))
}

// canEnter: there is a place, nobody of the same platform was here earlier, and the platform has not got its share.
func (f *fair) canEnter(t *tenant) bool {
	return f.busy < f.places && t.atWork < t.quota.InFlight && len(t.line) == 0
}

// catchUp gives a platform that was away no credit for that, whether it gets a place at once or stands in line.
func (f *fair) catchUp(t *tenant) {
	if t.atWork == 0 && len(t.line) == 0 {
		t.used = max(t.used, f.started)
	}
}

// let gives the platform a place and charges it for what its requests usually take.
func (f *fair) let(t *tenant, now time.Time) *Place {
	f.started = t.used
	t.used += max(t.takes, time.Millisecond).Seconds() / float64(t.weight)
	t.atWork++
	f.busy++
	return &Place{fair: f, tenant: t, since: now}
}

// Leave gives the place back, and so to the next who waits. A nil Place may leave too.
func (p *Place) Leave() {
	if p == nil {
		return
	}
	f := p.fair
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.clock()
	took := now.Sub(p.since)
	p.tenant.takes, f.takes = smooth(p.tenant.takes, took), smooth(f.takes, took)
	p.tenant.atWork--
	f.busy--
	f.callNext(now)
}

// smooth moves an average by an eighth of the difference, as TCP does with its round trips (RFC 6298 §2).
func smooth(average, sample time.Duration) time.Duration {
	if average == 0 {
		return sample
	}
	return average + (sample-average)/8
}
