package poll

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// store is a ledger and marks without a disk: in a bubble of its own time nothing may wait for an engine.
type store struct {
	mu       sync.Mutex
	entries  []journal.Entry
	newest   map[string]int                   // index of a key's last entry
	failMark func() (fail error, stored bool) // asked before each Put of a mark; nil: none fails
	puts     int                              // of marks
}

func (s *store) put(key string, data []byte, follows journal.Revision) (journal.Revision, error) {
	if s.last(key).Revision != follows {
		return 0, journal.ErrConflict
	}
	revision := journal.Revision(len(s.entries) + 1)
	if s.newest == nil {
		s.newest = map[string]int{}
	}
	s.newest[key] = len(s.entries)
	s.entries = append(s.entries, journal.Entry{Key: key, Data: data, Revision: revision, Follows: follows, Partition: partition(key)})
	return revision, nil
}

func (s *store) last(key string) journal.Entry {
	if i, known := s.newest[key]; known {
		return s.entries[i]
	}
	return journal.Entry{}
}

const partitions = 4

func partition(key string) int { return int(key[len(key)-1]) % partitions }

// ledger is the licences' side of a store.
type ledger struct{ *store }

func (l ledger) Put(_ context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.put(key, data, follows)
}

func (l ledger) Last(_ context.Context, key string) (journal.Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := l.last(key)
	if entry.Revision == 0 {
		return entry, journal.ErrNotFound
	}
	return entry, nil
}

func (l ledger) Read(_ context.Context, revision journal.Revision) (journal.Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entries[revision-1], nil
}

func (l ledger) Partitions() int { return partitions }

func (l ledger) ScanPartition(_ context.Context, part int, visit func(journal.Entry) error) error {
	l.mu.Lock()
	var newest []journal.Entry
	for _, entry := range l.entries {
		if entry.Partition == part && l.last(entry.Key).Revision == entry.Revision {
			newest = append(newest, entry)
		}
	}
	l.mu.Unlock()
	for _, entry := range newest {
		if err := visit(entry); err != nil {
			return err
		}
	}
	return nil
}

// marks is the marks' side of a store; a write may fail in either way, "failed" and "failed but it was stored".
type marks struct{ *store }

func (m marks) Get(_ context.Context, key string) (journal.Value, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry := m.last(key)
	if entry.Revision == 0 {
		return journal.Value{}, journal.ErrNotFound
	}
	return journal.Value{Data: entry.Data, Revision: uint64(entry.Revision)}, nil
}

func (m marks) Put(_ context.Context, key string, data []byte, revision uint64) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.puts++
	fail, stored := error(nil), true
	if m.failMark != nil {
		fail, stored = m.failMark()
	}
	if fail != nil && !stored {
		return 0, fail
	}
	written, err := m.put(key, data, journal.Revision(revision))
	return uint64(written), errors.Join(err, fail)
}

// plain seals nothing.
type plain struct{}

func (plain) Seal(content, _ []byte) ([]byte, error) { return content, nil }
func (plain) Open(sealed, _ []byte) ([]byte, error)  { return sealed, nil }

// hashes are pseudonyms.
type hashes struct{}

func (hashes) Pseudonym(n exchange.IDNumber) string {
	sum := sha256.Sum256([]byte(n.Reveal()))
	return hex.EncodeToString(sum[:])
}

// announcers let a source say everything, until they are told not to.
type announcers struct {
	mu      sync.Mutex
	refused error
}

func (a *announcers) Rank(context.Context, changefeed.Announcement) (exchange.Rank, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return exchange.RankAuthority, a.refused
}

func (a *announcers) refuse(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refused = err
}

// recorder counts the records of each outcome, and fails when it is told to.
type recorder struct {
	mu       sync.Mutex
	outcomes map[string]int
	fail     error
}

func (r *recorder) Record(_ context.Context, record *exchange.Record) (exchange.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return exchange.Receipt{}, r.fail
	}
	r.outcomes[record.Outcome]++
	return exchange.Receipt{}, nil
}

func (r *recorder) failWith(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fail = err
}

func (r *recorder) count(outcome string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.outcomes[outcome]
}

// watcher is an Observer.
type watcher struct {
	mu       sync.Mutex
	outcomes map[string]int
	failures map[exchange.Code]int
	rows     int
	until    time.Time // covered
}

func (w *watcher) Asked(_, _ string, failure exchange.Code, rows int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failures[failure]++
	w.rows += rows
}

func (w *watcher) Reported(_, _, outcome string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outcomes[outcome]++
}

func (w *watcher) Covered(_, _ string, moment time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if moment.After(w.until) {
		w.until = moment
	}
}

func (w *watcher) count(outcome string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.outcomes[outcome]
}

func (w *watcher) covered() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.until
}

// rig is everything around a poll. It lives in a bubble, so time.Now is the fake clock.
type rig struct {
	store      *store
	book       *changefeed.Book
	announcers *announcers
	records    *recorder
	watcher    *watcher
	log        *lockedBuffer
}

func newRig() *rig {
	r := &rig{
		store: &store{}, announcers: &announcers{}, records: &recorder{outcomes: map[string]int{}}, log: &lockedBuffer{},
		watcher: &watcher{outcomes: map[string]int{}, failures: map[exchange.Code]int{}},
	}
	r.book = changefeed.NewBook(ledger{r.store}, plain{}, time.Now)
	return r
}

// base is a poll by a new process on the same store.
func (r *rig) base(quota Quota, every time.Duration) Base {
	return Base{
		Source: "tmri", Region: exchange.National, Purpose: exchange.Purpose{Code: "status-sync", Operator: "gateway"},
		Reporter: &changefeed.Intake{
			Book: r.book, Announcers: r.announcers, Recorder: r.records, Clock: time.Now, Gateway: "gateway-a", Random: half,
		},
		Pseudonyms: hashes{}, Marks: marks{r.store}, Gate: NewGate("tmri", quota, marks{r.store}, time.Now), Every: every,
		Timeout: 10 * time.Second, Clock: time.Now, Random: half, Observer: r.watcher,
		Logger: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

func half(limit time.Duration) time.Duration { return limit / 2 }

// known gives what is known of a citizen's licence.
func (r *rig) known(t testing.TB, subject exchange.Subject) changefeed.Known {
	t.Helper()
	known, err := r.book.Last(t.Context(), hashes{}.Pseudonym(subject.IDNumber))
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// start runs a poll; stop ends it and waits.
func start(t testing.TB, run func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the poll ended with %v", err)
		}
	})
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// citizen makes the n-th of some well-formed ID numbers, which are nobody's.
func citizen(t testing.TB, n int) exchange.Subject {
	t.Helper()
	digits := fmt.Sprintf("110105%08d%03d", 19490101+n/900%28, 100+n%900)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(digits[i]-'0')
	}
	number, err := exchange.ParseIDNumber(digits+string("10X98765432"[sum%11]), time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Subject{IDNumber: number, Name: "沈嘉宁"}
}

func facts(points int) exchange.Facts { return exchange.Facts{Status: "A", Points: &points} }
