package shadow_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/shadow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is turned by the candidate: what it says it took is what it took.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { return c.turn(0) }

func (c *clock) turn(by time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
	return c.now
}

// policy decides by a function.
type policy func(exchange.DecisionRequest) (exchange.Decision, error)

func (p policy) Decide(_ context.Context, request exchange.DecisionRequest) (exchange.Decision, error) {
	return p(request)
}

func allowing(fields ...exchange.Field) exchange.Decision {
	d := exchange.Decision{Allow: true, Grants: map[exchange.Field]exchange.Mask{}}
	for _, field := range fields {
		d.Grants[field] = exchange.MaskNone
	}
	return d
}

// rig is a shadow with its events.
type rig struct {
	*shadow.Shadow
	clock  *clock
	events chan shadow.Event
	stop   context.CancelFunc
	ended  chan error
}

func start(t *testing.T, share float64, candidate func(*clock) policy) *rig {
	t.Helper()
	r := &rig{clock: &clock{now: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)}, events: make(chan shadow.Event, 10_000), ended: make(chan error, 1)}
	r.Shadow = shadow.New(shadow.Config{
		Active:    policy(func(exchange.DecisionRequest) (exchange.Decision, error) { return allowing("status"), nil }),
		Candidate: candidate(r.clock), MaxCPU: share, Clock: r.clock.Now, Observe: func(e shadow.Event) { r.events <- e },
	})
	ctx, cancel := context.WithCancel(t.Context())
	r.stop = cancel
	go func() { r.ended <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-r.ended; err != nil {
			t.Error(err)
		}
	})
	return r
}

// ask decides one request and gives what became of it.
func (r *rig) ask(t *testing.T) shadow.Event {
	t.Helper()
	decision, err := r.Decide(t.Context(), exchange.DecisionRequest{ID: "d-1", Platform: "suishenban", Operation: exchange.LicenceQuery})
	if err != nil || !decision.Allow || len(decision.Grants) != 1 {
		t.Fatalf("%+v, %v: not the word of the policies in force", decision, err)
	}
	return <-r.events
}

func TestOnlyDifferencesAreKept(t *testing.T) {
	t.Parallel()
	answers := make(chan exchange.Decision, 3)
	answers <- allowing("status")
	answers <- allowing("status", "points")
	r := start(t, 1, func(*clock) policy {
		return func(exchange.DecisionRequest) (exchange.Decision, error) {
			select {
			case answer := <-answers:
				return answer, nil
			default:
				return exchange.Decision{}, errors.New("it breaks")
			}
		}
	})
	for i, want := range []shadow.Outcome{shadow.Same, shadow.Changed, shadow.Failed} {
		if got := r.ask(t); got.Outcome != want {
			t.Errorf("request %d: %s, want %s", i, got.Outcome, want)
		}
	}
	report := r.Report("a", "b")
	if report.Same != 1 || report.Changed != 1 || report.Failed != 1 || len(report.Latest) != 1 || len(report.Kinds) != 1 {
		t.Fatalf("%+v", report)
	}
	found := report.Latest[0]
	if found.ID != "d-1" || found.Changes[0].Kind != impact.FieldGained || found.Changes[0].Field != "points" || report.Kinds[0].Widens != 1 {
		t.Errorf("%+v", report)
	}
	r.Reset()
	if report := r.Report("a", "c"); report.Same+report.Changed+report.Failed != 0 || len(report.Latest)+len(report.Kinds) != 0 {
		t.Errorf("after a reset %+v", report)
	}
}

// TestTheCandidateKeepsToItsShare: over ten minutes of requests, each of which would take it 20 ms, it takes a tenth of the time and
// not more; what it isn't asked is counted.
func TestTheCandidateKeepsToItsShare(t *testing.T) {
	t.Parallel()
	const takes, share = 20 * time.Millisecond, 0.1
	r := start(t, share, func(c *clock) policy {
		return func(exchange.DecisionRequest) (exchange.Decision, error) {
			c.turn(takes)
			return allowing("status"), nil
		}
	})
	began, evaluated, skipped := r.clock.Now(), 0, 0
	for range 5000 {
		r.clock.turn(10 * time.Millisecond)
		switch event := r.ask(t); event.Outcome {
		case shadow.Same:
			evaluated++
		case shadow.Skipped:
			skipped++
		default:
			t.Fatalf("%+v", event)
		}
	}
	passed := r.clock.Now().Sub(began)
	used, allowed := time.Duration(evaluated)*takes, time.Duration(share*float64(passed))
	if used > allowed+time.Second || used < allowed/2 || skipped == 0 {
		t.Errorf("used %s of %s in %s; %d skipped", used, allowed, passed, skipped)
	}
	if report := r.Report("a", "b"); report.Skipped != uint64(skipped) {
		t.Errorf("%d reported, %d skipped", report.Skipped, skipped)
	}
}

// TestNobodyWaitsForTheCandidate: while it hangs, decisions go on; those that find no room are counted.
func TestNobodyWaitsForTheCandidate(t *testing.T) {
	t.Parallel()
	hangs := make(chan struct{})
	r := start(t, 1, func(*clock) policy {
		return func(exchange.DecisionRequest) (exchange.Decision, error) {
			<-hangs
			return allowing("status"), nil
		}
	})
	const requests = 1000
	for range requests {
		if decision, err := r.Decide(t.Context(), exchange.DecisionRequest{}); err != nil || !decision.Allow {
			t.Fatalf("%+v, %v", decision, err)
		}
	}
	dropped := r.Report("a", "b").Dropped
	if dropped < requests-2*256 || dropped >= requests {
		t.Errorf("%d dropped", dropped)
	}
	close(hangs)
	for range requests {
		<-r.events
	}
	if report := r.Report("a", "b"); report.Same+report.Skipped+report.Dropped != requests {
		t.Errorf("%+v", report)
	}
}

// TestWhatIsKeptIsBounded: the newest findings are kept, newest first.
func TestWhatIsKeptIsBounded(t *testing.T) {
	t.Parallel()
	r := start(t, 1, func(*clock) policy {
		return func(exchange.DecisionRequest) (exchange.Decision, error) { return allowing("points"), nil }
	})
	for range 700 {
		r.clock.turn(time.Second)
		if _, err := r.Decide(t.Context(), exchange.DecisionRequest{Now: r.clock.Now()}); err != nil {
			t.Fatal(err)
		}
		<-r.events
	}
	report := r.Report("a", "b")
	if report.Changed != 700 || len(report.Latest) != 500 || !report.Latest[0].At.Equal(r.clock.Now()) ||
		!report.Latest[499].At.Equal(r.clock.Now().Add(-499*time.Second)) {
		t.Errorf("%d changed, %d kept from %s to %s", report.Changed, len(report.Latest), report.Latest[499].At, report.Latest[0].At)
	}
}

func BenchmarkDecide(b *testing.B) {
	active := policy(func(exchange.DecisionRequest) (exchange.Decision, error) { return exchange.Decision{}, nil })
	s := shadow.New(shadow.Config{Active: active, Candidate: active, MaxCPU: 1, Clock: time.Now, Observe: func(shadow.Event) {}})
	b.ReportAllocs()
	for b.Loop() { // the queue is full, as it is when the candidate can't follow
		_, _ = s.Decide(b.Context(), exchange.DecisionRequest{})
	}
}
