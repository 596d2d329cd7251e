package changefeed

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// rig is a gateway's change feed on a real journal.
type rig struct {
	*Dispatcher
	dir       string
	journal   *journal.Journal
	ledger    *journal.Ledger
	intake    *Intake
	records   *recorder
	platforms map[string]*platform
	grants    grants
	offset    atomic.Int64 // what the clock is ahead of the real one
	mu        sync.Mutex
	seen      map[string]int // platform/outcome
	alerts    []string
	stop      func()
}

const rigPartitions = 4

func newRig(t testing.TB) *rig {
	r := &rig{dir: t.TempDir(), platforms: map[string]*platform{}, grants: grants{}, seen: map[string]int{}}
	r.open(t)
	return r
}

func (r *rig) open(t testing.TB) {
	t.Helper()
	r.journal = openJournal(t, r.dir)
	r.ledger = openLedger(t, r.journal, "licences", rigPartitions)
	r.intake, r.records = newIntake(t, r.ledger)
	r.intake.Clock = r.clock
}

func (r *rig) clock() time.Time { return time.Now().Add(time.Duration(r.offset.Load())) }

// add makes a platform that sees these fields, all if none are named.
func (r *rig) add(name string, fields ...exchange.Field) *platform {
	if len(fields) == 0 {
		fields = exchange.Fields(exchange.ChangeDelivery)
	}
	r.platforms[name], r.grants[name] = newPlatform(), fields
	return r.platforms[name]
}

// start runs a dispatcher for the platforms; configure may change what it works with.
func (r *rig) start(t testing.TB, configure func(*Config)) {
	t.Helper()
	marks, err := r.journal.State(testContext(t), journal.StateConfig{Name: "endpoints"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Book: NewBook(r.ledger, newSealer(t), now), Cursors: r.cursor, Partitions: rigPartitions, Decider: r.grants, Recorder: r.records,
		Parking: NewParking(openLedger(t, r.journal, "parked", 2), r.clock), Marks: marks, Gateway: "gateway-a",
		Patience: Patience{First: time.Millisecond, Longest: 4 * time.Millisecond}, Clock: r.clock,
		Random: func(limit time.Duration) time.Duration { return limit / 2 }, Logger: slog.New(slog.DiscardHandler),
		Observe: r.observe, Alert: func(platform, reason string) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.alerts = append(r.alerts, platform+": "+reason)
		},
	}
	for name, receiver := range r.platforms {
		cfg.Endpoints = append(cfg.Endpoints, Endpoint{Platform: name, Receiver: receiver, Purpose: exchange.Purpose{Code: "licence-sync"}})
	}
	if configure != nil {
		configure(&cfg)
	}
	r.Dispatcher, err = NewDispatcher(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); r.Run(ctx) }()
	r.stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(r.stop)
}

func (r *rig) cursor(ctx context.Context, platform string, partition int, holdFor time.Duration) (Cursor, error) {
	cursor, err := r.ledger.Cursor(ctx, journal.CursorConfig{Name: platform, Partition: partition, AckWait: holdFor})
	if err != nil {
		return nil, err
	}
	return cursor, nil
}

func (r *rig) observe(platform, outcome string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[platform+"/"+outcome]++
}

func (r *rig) count(platform, outcome string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[platform+"/"+outcome]
}

// alerted gives the alerts so far.
func (r *rig) alerted() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.alerts)
}

// ahead gives the number of notes of what was told ahead, in licence n's lane.
func (r *rig) ahead(platform string, n int) int {
	lane := r.roster.find(platform).lanes[r.ledger.Partition(licenceKey(n))]
	lane.noting.Lock()
	defer lane.noting.Unlock()
	return len(lane.ahead)
}

// until waits for something that the dispatcher does. It looks every few milliseconds: the last step of a delivery, the cursor's, has
// no other sign.
func (r *rig) until(t testing.TB, what string, met func() bool) {
	t.Helper()
	ctx := testContext(t)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !met() {
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain until %s; seen %v", what, r.seen)
		}
	}
}

// drained waits until the platforms were offered everything.
func (r *rig) drained(t testing.TB, platforms ...string) {
	t.Helper()
	r.until(t, "nothing is left", func() bool {
		for _, status := range r.status(t) {
			if slices.Contains(platforms, status.Platform) && status.Entries > 0 {
				return false
			}
		}
		return true
	})
}

func (r *rig) status(t testing.TB) []Status {
	t.Helper()
	all, err := r.Status(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (r *rig) statusOf(t testing.TB, platform string) Status {
	t.Helper()
	for _, status := range r.status(t) {
		if status.Platform == platform {
			return status
		}
	}
	t.Fatalf("no status of %s", platform)
	return Status{}
}
