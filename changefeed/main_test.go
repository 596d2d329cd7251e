package changefeed

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit bounds a test that waits for the real journal. It is never the expected way out.
const limit = 2 * time.Minute

func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// now is noon in China on 24 November 2026.
func now() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }

func openJournal(t testing.TB, dir string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(testContext(t), journal.Config{Dir: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, j) })
	return j
}

func shut(t testing.TB, j *journal.Journal) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := j.Close(ctx); err != nil {
		t.Error(err)
	}
}

func openLedger(t testing.TB, j *journal.Journal, name string, partitions int) *journal.Ledger {
	t.Helper()
	l, err := j.Ledger(testContext(t), journal.LedgerConfig{Name: name, Partitions: partitions})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// sm4 seals as the gateway does, under a key that belongs to nobody.
type sm4 struct{ aead cipher.AEAD }

func newSealer(t testing.TB) sm4 {
	t.Helper()
	aead, err := smcrypto.NewSM4GCM([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return sm4{aead}
}

func (s sm4) Seal(content, aad []byte) ([]byte, error) {
	nonce := make([]byte, s.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return s.aead.Seal(nonce, nonce, content, aad), nil
}

func (s sm4) Open(sealed, aad []byte) ([]byte, error) {
	if len(sealed) < s.aead.NonceSize() {
		return nil, errors.New("too short")
	}
	return s.aead.Open(nil, sealed[:s.aead.NonceSize()], sealed[s.aead.NonceSize():], aad)
}

// ranks are announcers by table; who is not in it is refused.
type ranks map[string]exchange.Rank

func (r ranks) Rank(_ context.Context, a Announcement) (exchange.Rank, error) {
	rank, ok := r[a.Reporter]
	if !ok {
		return exchange.RankNone, &exchange.Error{Code: exchange.PolicyRefused, Reasons: []exchange.Reason{{Code: "may_not_announce"}}}
	}
	return rank, nil
}

func everybody() ranks {
	return ranks{
		"police": exchange.RankAuthority, "police-2": exchange.RankAuthority, "suishenban": exchange.RankProvince,
		"zheliban": exchange.RankProvince, "wechat": exchange.RankPlatform,
	}
}

// recorder keeps records; fail makes it fail without having stored.
type recorder struct {
	mu      sync.Mutex
	records []exchange.Record
	fail    error
}

func (r *recorder) Record(ctx context.Context, record *exchange.Record) (exchange.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := errors.Join(ctx.Err(), r.fail); err != nil {
		return exchange.Receipt{}, err
	}
	r.records = append(r.records, *record)
	return exchange.Receipt{Log: "test", Index: uint64(len(r.records) - 1)}, nil
}

// all gives the records so far.
func (r *recorder) all() []exchange.Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.records)
}

// outcomes gives the outcomes recorded for an operation, in order.
func (r *recorder) outcomes(op exchange.Operation) []string {
	var list []string
	for _, record := range r.all() {
		if record.Operation == op {
			list = append(list, record.Outcome)
		}
	}
	return list
}

func licenceKey(n int) string { return fmt.Sprintf("%064x", n) }

// citizen's ID number is the example of GB 11643 and belongs to nobody.
func citizen(t testing.TB) exchange.Subject {
	t.Helper()
	id, err := exchange.ParseIDNumber("11010519491231002X", now())
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Subject{Name: "阿卜杜拉·买买提", IDNumber: id, FileNumber: "310012345678"}
}

// reported is a report of licence n, the minute-th minute of the day.
func reported(t testing.TB, reporter string, n, minute int, facts exchange.Facts) *exchange.Report {
	t.Helper()
	return &exchange.Report{
		ID: fmt.Sprintf("%s-%d-%d", reporter, n, minute), Reporter: reporter, Licence: licenceKey(n), Subject: citizen(t), Region: "310000",
		Happened: now().Add(time.Duration(minute-10000) * time.Minute), Facts: facts,
	}
}

func zt(letters exchange.StatusSet) exchange.Facts { return exchange.Facts{Status: letters} }

func newIntake(t testing.TB, l Ledger) (*Intake, *recorder) {
	t.Helper()
	records := &recorder{}
	return &Intake{
		Book: NewBook(l, newSealer(t), now), Announcers: everybody(), Recorder: records, Clock: now, Gateway: "gateway-a",
		Random: func(limit time.Duration) time.Duration { return limit / 2 },
	}, records
}

func report(t testing.TB, i *Intake, r *exchange.Report) Acceptance {
	t.Helper()
	a, err := i.Report(testContext(t), r)
	if err != nil {
		t.Fatalf("report %s: %v", r.ID, err)
	}
	return a
}
