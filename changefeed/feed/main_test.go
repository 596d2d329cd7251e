package feed

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.nofailfile", "true"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// limit bounds a test that waits for the real journal. It is never the expected way out.
const limit = 2 * time.Minute

func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

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

func openLedger(t testing.TB, j *journal.Journal) *journal.Ledger {
	t.Helper()
	l, err := j.Ledger(testContext(t), journal.LedgerConfig{Name: "feeds"})
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

// memory is a ledger without a disk. faults, one per Put, say what goes wrong with it.
type memory struct {
	mu      sync.Mutex
	entries map[string][]byte
	faults  []fault
	broken  error // if set, what every Last fails with
	looks   int   // calls of Last
}

// fault is what a Put fails with, after it has stored or not.
type fault struct {
	err    error
	stored bool
}

func newMemory(faults ...fault) *memory { return &memory{entries: map[string][]byte{}, faults: faults} }

func (m *memory) Put(_ context.Context, key string, data []byte, _ journal.Revision) (journal.Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var now fault
	if len(m.faults) > 0 {
		now, m.faults = m.faults[0], m.faults[1:]
	}
	if now.err != nil && !now.stored {
		return 0, now.err
	}
	if m.entries[key] != nil {
		return 0, journal.ErrConflict
	}
	m.entries[key] = data
	return journal.Revision(len(m.entries)), now.err
}

func (m *memory) Last(_ context.Context, key string) (journal.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.looks++
	data, ok := m.entries[key]
	switch {
	case m.broken != nil:
		return journal.Entry{}, m.broken
	case !ok:
		return journal.Entry{}, journal.ErrNotFound
	}
	return journal.Entry{Key: key, Data: data}, nil
}

// now is noon in China on 24 November 2026.
func now() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }

// notice is one of licence n and a version, with a disclosed field that is shown in part and one that is shown whole.
func notice(n int, version uint64) exchange.Notice {
	return exchange.Notice{
		Licence: fmt.Sprintf("%064x", n), Version: version, Region: "310000", Happened: now(), Origin: "suishenban", Via: []string{"gateway-a"},
		Events: []exchange.Event{{Kind: exchange.StatusAdded, Letter: "B"}, {Kind: exchange.Replaced}},
		Fields: exchange.Disclosed{
			{Name: "status", Value: exchange.StatusSet("B").States()}, {Name: "cardNumber", Value: "3************8", Masked: true},
			{Name: "validUntil", Value: exchange.Date{Year: 2030, Month: 1, Day: 2}}, {Name: "points", Value: 12},
		},
		Subject: exchange.Subject{Name: "阿卜杜拉·买买提"},
	}
}

func newFeeds(t testing.TB, ledger Ledger, platforms ...Platform) *Feeds {
	t.Helper()
	if len(platforms) == 0 {
		platforms = []Platform{{ID: "zheliban"}}
	}
	f, err := New(ledger, newSealer(t), platforms...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func apply(t testing.TB, f *Feeds, n exchange.Notice) {
	t.Helper()
	if err := f.Writer("zheliban").Apply(testContext(t), n); err != nil {
		t.Fatal(err)
	}
}

// tb is what a helper needs of a test; rapid's tests are ones too.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
}

// readAll follows a feed from a cursor to its end and holds each page to what is promised of it.
func readAll(t tb, f *Feeds, platform, after string, limit int) (changes []Change, next string) {
	t.Helper()
	for number := uint64(0); ; {
		page, err := f.Read(context.Background(), platform, after, limit)
		if err != nil {
			t.Fatalf("read behind %q: %v", after, err)
		}
		if number != 0 && page.First != number+1 {
			t.Fatalf("a page begins at %d behind %d", page.First, number)
		}
		for i, c := range page.Changes {
			if c.Number != page.First+uint64(i) {
				t.Fatalf("number %d in place %d of a page from %d", c.Number, i, page.First)
			}
		}
		number = page.First + uint64(len(page.Changes)) - 1
		changes, after = append(changes, page.Changes...), page.Next
		if page.More() == (number == page.Last) || len(page.Changes) > limit {
			t.Fatalf("page from %d of %d, last %d, more %v", page.First, len(page.Changes), page.Last, page.More())
		}
		if !page.More() {
			return changes, after
		}
	}
}
