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

// platform is a receiving platform that keeps the contract: idempotent by licence and version. react, if set, decides about each
// notice: before it is applied, and whether it is applied at all.
type platform struct {
	mu      sync.Mutex
	held    map[string]exchange.Notice
	applied []exchange.Notice // first applications, in order
	calls   int
	react   func(n exchange.Notice, call int) (apply bool, err error)
}

func newPlatform() *platform {
	return &platform{held: map[string]exchange.Notice{}}
}

func (p *platform) Apply(_ context.Context, n exchange.Notice) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	apply, err := true, error(nil)
	if p.react != nil {
		apply, err = p.react(n, p.calls)
	}
	if apply && n.Version > p.held[n.Licence].Version {
		p.held[n.Licence] = n
		p.applied = append(p.applied, n)
	}
	return err
}

// versions gives the versions applied of licence n, in order.
func (p *platform) versions(n int) []uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []uint64
	for _, notice := range p.applied {
		if notice.Licence == licenceKey(n) {
			list = append(list, notice.Version)
		}
	}
	return list
}

func (p *platform) has(n int) exchange.Notice {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.held[licenceKey(n)]
}

func (p *platform) licences() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.held)
}

func (p *platform) called() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

func (p *platform) sees(react func(n exchange.Notice, call int) (bool, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.react = react
}

// grants is a policy by table: platform to fields shown whole. Who is not in it is refused.
type grants map[string][]exchange.Field

func (g grants) Decide(_ context.Context, r exchange.DecisionRequest) (exchange.Decision, error) {
	fields, ok := g[r.Platform]
	d := exchange.Decision{Revision: "rev-1", Allow: ok && r.Operation == exchange.ChangeDelivery, Grants: map[exchange.Field]exchange.Mask{}, Rules: []string{"test"}}
	for _, wanted := range r.Wanted {
		if slices.Contains(fields, wanted) {
			d.Grants[wanted] = exchange.MaskNone
		} else {
			d.Withheld = append(d.Withheld, exchange.Withheld{Field: wanted, Code: "not_granted"})
		}
	}
	return d, nil
}

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
	lane := r.endpoints[platform].lanes[r.ledger.Partition(licenceKey(n))]
	lane.telling.Lock()
	defer lane.telling.Unlock()
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
