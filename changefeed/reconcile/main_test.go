package reconcile

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	limit      = 2 * time.Minute // bounds a test that waits for the real journal; never the expected way out
	partitions = 4
)

func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

func now() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }

func licenceKey(n int) string { return fmt.Sprintf("%064x", n) }

// rig is a change feed on a real journal.
type rig struct {
	*changefeed.Dispatcher
	*Reconciler
	intake *changefeed.Intake
	ledger *journal.Ledger
	book   *changefeed.Book
	grants grants
	people []exchange.Subject // whose licences these are
}

// newRig runs a feed that tells the receivers.
func newRig(t testing.TB, people []exchange.Subject, receivers ...*exchange.Receiver) *rig {
	t.Helper()
	j, err := journal.Open(testContext(t), journal.Config{Dir: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	r := &rig{ledger: openLedger(t, j, "licences", partitions), grants: grants{}, people: people}
	r.book = changefeed.NewBook(r.ledger, newSealer(t), now)
	r.intake = &changefeed.Intake{Book: r.book, Announcers: anybody{}, Recorder: silent{}, Clock: time.Now, Gateway: "gateway-a", Random: half}
	r.dispatch(t, j, receivers)
	return r
}

func openLedger(t testing.TB, j *journal.Journal, name string, partitions int) *journal.Ledger {
	t.Helper()
	l, err := j.Ledger(testContext(t), journal.LedgerConfig{Name: name, Partitions: partitions})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (r *rig) dispatch(t testing.TB, j *journal.Journal, receivers []*exchange.Receiver) {
	t.Helper()
	marks, err := j.State(testContext(t), journal.StateConfig{Name: "endpoints"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := changefeed.Config{
		Book: r.book, Cursors: r.cursor, Partitions: partitions, Decider: r.grants, Recorder: silent{}, Marks: marks, Gateway: "gateway-a",
		Parking: changefeed.NewParking(openLedger(t, j, "parked", 1), time.Now), Clock: time.Now, Random: half,
		Patience: changefeed.Patience{First: time.Millisecond, Longest: 4 * time.Millisecond}, Logger: slog.New(slog.DiscardHandler),
	}
	holders, purpose := map[string]Holder{}, exchange.Purpose{Code: "status-sync"}
	for _, receiver := range receivers {
		r.grants[receiver.ID] = exchange.Fields(exchange.ChangeDelivery)
		cfg.Endpoints = append(cfg.Endpoints, changefeed.Endpoint{Platform: receiver.ID, Receiver: receiver.Changes, Purpose: purpose})
		holders[receiver.ID] = Holder{receiver.Holdings, purpose}
	}
	if r.Dispatcher, err = changefeed.NewDispatcher(cfg); err != nil {
		t.Fatal(err)
	}
	r.Reconciler = New(Config{Book: r.book, Ledger: r.ledger, Feed: r.Dispatcher, Holders: holders, Clock: time.Now})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); r.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
}

func (r *rig) cursor(ctx context.Context, platform string, partition int, holdFor time.Duration) (changefeed.Cursor, error) {
	cursor, err := r.ledger.Cursor(ctx, journal.CursorConfig{Name: platform, Partition: partition, AckWait: holdFor})
	if err != nil {
		return nil, err
	}
	return cursor, nil
}

// report announces facts of licence n, the minute-th minute of the day.
func (r *rig) report(t testing.TB, reporter string, n, minute int, facts exchange.Facts) {
	t.Helper()
	_, err := r.intake.Report(testContext(t), &exchange.Report{
		ID: fmt.Sprintf("%s-%d-%d", reporter, n, minute), Reporter: reporter, Licence: licenceKey(n), Subject: r.people[n%len(r.people)],
		Region: "310000", Happened: now().Add(time.Duration(minute-10000) * time.Minute), Facts: facts,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// drained waits until the platform was offered everything. It looks every few milliseconds: a cursor's last step has no other sign.
func (r *rig) drained(t testing.TB, platform string) {
	t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for left := uint64(1); left > 0; {
		<-look.C
		left = 0
		for partition := range partitions {
			backlog, err := r.Backlog(testContext(t), platform, partition)
			if err != nil {
				t.Fatal(err)
			}
			left += backlog.Entries
		}
	}
}

func (r *rig) compare(t testing.TB, platform string) *Report {
	t.Helper()
	report, err := r.Compare(testContext(t), platform, "op-1", nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// repair tells the platform again what a report says that it lacks.
func (r *rig) repair(t testing.TB, report *Report) changefeed.Progress {
	t.Helper()
	licences, total := report.Repairable()
	progress, err := r.Retell(testContext(t), changefeed.RetellOrder{
		Platform: report.Platform, Licences: licences, Total: total, By: changefeed.Action{Operator: "op-1", Reason: "test"}, PerSecond: 1e6,
	})
	if err != nil {
		t.Fatal(err)
	}
	return progress
}

func half(limit time.Duration) time.Duration { return limit / 2 }

// anybody may announce anything with the authority's rank.
type anybody struct{}

func (anybody) Rank(context.Context, changefeed.Announcement) (exchange.Rank, error) {
	return exchange.RankAuthority, nil
}

type silent struct{}

func (silent) Record(context.Context, *exchange.Record) (exchange.Receipt, error) {
	return exchange.Receipt{}, nil
}

// grants is a policy by table: platform to fields shown whole.
type grants map[string][]exchange.Field

func (g grants) Decide(_ context.Context, r exchange.DecisionRequest) (exchange.Decision, error) {
	d := exchange.Decision{Allow: true, Grants: map[exchange.Field]exchange.Mask{}}
	for _, wanted := range r.Wanted {
		if slices.Contains(g[r.Platform], wanted) {
			d.Grants[wanted] = exchange.MaskNone
		}
	}
	return d, nil
}

// sm4 seals as the gateway does, under a key that belongs to nobody.
type sm4 struct {
	seal func(content, aad []byte) ([]byte, error)
	open func(sealed, aad []byte) ([]byte, error)
}

func (s sm4) Seal(content, aad []byte) ([]byte, error) { return s.seal(content, aad) }
func (s sm4) Open(sealed, aad []byte) ([]byte, error)  { return s.open(sealed, aad) }

func newSealer(t testing.TB) sm4 {
	t.Helper()
	aead, err := smcrypto.NewSM4GCM([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	size := aead.NonceSize()
	return sm4{
		seal: func(content, aad []byte) ([]byte, error) {
			nonce := make([]byte, size)
			_, err := rand.Read(nonce)
			return aead.Seal(nonce, nonce, content, aad), err
		},
		open: func(sealed, aad []byte) ([]byte, error) { return aead.Open(nil, sealed[:size], sealed[size:], aad) },
	}
}

// platform keeps the contract of a receiver and of a holder in memory.
type platform struct {
	mu       sync.Mutex
	held     map[string]exchange.Holding
	pageSize int
	react    func(exchange.Notice) error // before a notice is taken
	asked    func(after string)          // before a page is given
	purposes []exchange.Purpose
}

func newPlatform(name string) (*platform, *exchange.Receiver) {
	p := &platform{held: map[string]exchange.Holding{}, pageSize: 3}
	return p, &exchange.Receiver{ID: name, Changes: p, Holdings: p}
}

func (p *platform) Apply(_ context.Context, n exchange.Notice) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.react != nil {
		if err := p.react(n); err != nil {
			return err
		}
	}
	holding, err := p.Expected(n)
	if n.Version >= p.held[n.Licence].Version {
		p.held[n.Licence] = holding
	}
	return err
}

func (p *platform) Expected(n exchange.Notice) (exchange.Holding, error) {
	return exchange.Holding{Licence: n.Licence, Version: n.Version, Digest: fmt.Sprint(n.Fields)}, nil
}

func (p *platform) Held(_ context.Context, purpose exchange.Purpose, after string) ([]exchange.Holding, error) {
	p.mu.Lock()
	asked := p.asked
	p.mu.Unlock()
	if asked != nil {
		asked(after)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.purposes = append(p.purposes, purpose)
	var page []exchange.Holding
	for _, holding := range p.held {
		if holding.Licence > after {
			page = append(page, holding)
		}
	}
	slices.SortFunc(page, func(a, b exchange.Holding) int { return pack(a.Licence).compare(pack(b.Licence)) })
	return page[:min(len(page), p.pageSize)], nil
}

// spoil changes what the platform holds behind the feed's back.
func (p *platform) spoil(change func(map[string]exchange.Holding)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p.held)
}
