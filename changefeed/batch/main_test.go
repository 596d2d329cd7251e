package batch

import (
	"context"
	"crypto/cipher"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
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

// clock is turned by the test.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) set(at time.Time)      { c.at.Store(&at) }
func (c *clock) now() time.Time        { return *c.at.Load() }
func (c *clock) turn(by time.Duration) { c.set(c.now().Add(by)) }
func (c *clock) night()                { c.turn(24 * time.Hour) }

// counted is an [Observer] that adds up.
type counted struct {
	mu   sync.Mutex
	seen map[string]int
}

func (c *counted) add(what string, count int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[what] += count
}

func (c *counted) of(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[what]
}

func (c *counted) Batch(_ string, w Written) {
	c.add("batches", 1)
	c.add("rows", w.Rows)
	c.add("known", w.Known)
}
func (c *counted) Rows(_, outcome string, count int)         { c.add(outcome, count) }
func (c *counted) Work(_ string, w Work, code exchange.Code) { c.add(string(w)+"/"+string(code), 1) }

// ranks: the police is the authority, everybody else a platform, and the stranger may say nothing.
type ranks struct{}

func (ranks) Rank(_ context.Context, a changefeed.Announcement) (exchange.Rank, error) {
	switch a.Reporter {
	case "police":
		return exchange.RankAuthority, nil
	case "stranger":
		return exchange.RankNone, &exchange.Error{Code: exchange.PolicyRefused, Reasons: []exchange.Reason{{Code: "may_not_announce"}}}
	}
	return exchange.RankPlatform, nil
}

// statusOnly is a policy that shows the status, unless the licence is kept in Beijing.
type statusOnly struct{}

func (statusOnly) Decide(_ context.Context, r exchange.DecisionRequest) (exchange.Decision, error) {
	d := exchange.Decision{Revision: "rev-1", Allow: r.Region != "110000"}
	d.Grants = map[exchange.Field]exchange.Mask{"status": exchange.MaskNone}
	return d, nil
}

// recorder counts records; fail, if set, may refuse one.
type recorder struct {
	mu      sync.Mutex
	records []exchange.Record
	fail    func(*exchange.Record) error
}

func (r *recorder) Record(_ context.Context, record *exchange.Record) (exchange.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		if err := r.fail(record); err != nil {
			return exchange.Receipt{}, err
		}
	}
	r.records = append(r.records, *record)
	return exchange.Receipt{}, nil
}

// outcomes counts the records of an operation by outcome.
func (r *recorder) outcomes(op exchange.Operation) map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]int{}
	for i := range r.records {
		if r.records[i].Operation == op {
			all[r.records[i].Outcome]++
		}
	}
	return all
}

// sm4 seals as the gateway does, under a key that belongs to nobody.
type sm4 struct{ aead cipher.AEAD }

func newSealer(t testing.TB) sm4 {
	t.Helper()
	aead, err := smcrypto.NewSM4GCM([]byte("0123456789abcdef"))
	must(t, err)
	return sm4{aead}
}

func (s sm4) Seal(content, aad []byte) ([]byte, error) {
	return s.aead.Seal(nil, make([]byte, s.aead.NonceSize()), content, aad), nil
}

func (s sm4) Open(sealed, aad []byte) ([]byte, error) {
	return s.aead.Open(nil, make([]byte, s.aead.NonceSize()), sealed, aad)
}
