package breakglass_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/breakglass"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	person = "11010519491231002X"
	other  = "310101199801011232"
)

func start() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }

// rig is a desk on parts that keep the contracts of the real ones: marks with compare-and-set, a judge with terms of each operator, a
// broker and a recorder that keep what they get.
type rig struct {
	*breakglass.Desk
	mu       sync.Mutex
	now      time.Time
	terms    map[string]exchange.BreakGlassTerms
	judged   []exchange.BreakGlassQuestion
	records  []exchange.Record
	queries  []exchange.Query
	events   map[breakglass.Event]int
	noRecord error
	stored   map[string]journal.Value
	putFails error  // and what was put is stored all the same
	between  func() // run once before a write, by somebody else
	orders   int
}

func newRig() *rig {
	r := &rig{now: start(), events: map[breakglass.Event]int{}, stored: map[string]journal.Value{}, terms: map[string]exchange.BreakGlassTerms{}}
	for _, operator := range []string{"li", "wang", "zhao"} {
		r.terms[operator] = exchange.BreakGlassTerms{ConfirmMinutes: 5, Queries: 3, Unit: "310000000000", Fields: []exchange.Field{"status", "points", "place"}}
	}
	r.Desk = r.desk()
	return r
}

// desk gives another desk on the same parts, as after a restart or on another node.
func (r *rig) desk() *breakglass.Desk { return r.on(r) }

func (r *rig) on(marks breakglass.Marks) *breakglass.Desk {
	return breakglass.NewDesk(breakglass.Config{
		Judge: r, Marks: marks, Recorder: r, Pseudonyms: r, Broker: r, Clock: r.clock, Digest: digest,
		Observe: func(event breakglass.Event) { r.mu.Lock(); defer r.mu.Unlock(); r.events[event]++ },
	})
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

func (r *rig) Pseudonym(number exchange.IDNumber) string {
	return "p-" + digest([]byte(number.Reveal()))[:8]
}

func (r *rig) JudgeBreakGlass(_ context.Context, q exchange.BreakGlassQuestion) (exchange.BreakGlassTerms, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.judged = append(r.judged, q)
	terms, known := r.terms[q.Operator]
	if !known || q.OpenedToday >= 2 {
		return exchange.BreakGlassTerms{Reasons: []exchange.Reason{{Code: "breakglass_not_allowed"}}}, nil
	}
	return terms, nil
}

func (r *rig) Record(ctx context.Context, record *exchange.Record) (exchange.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.noRecord != nil {
		return exchange.Receipt{}, r.noRecord
	}
	r.records = append(r.records, *record)
	return exchange.Receipt{Log: "test"}, ctx.Err()
}

func (r *rig) Query(_ context.Context, q *exchange.Query) (*exchange.Answer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queries = append(r.queries, *q)
	return &exchange.Answer{Body: []byte("{}")}, nil
}

// Refuse keeps the refusal as the real broker's record would.
func (r *rig) Refuse(_ context.Context, q *exchange.Query, err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.records = append(r.records, exchange.Record{ID: q.ID, Operation: q.Operation, Opening: q.Opening, Purpose: q.Purpose, Outcome: string(exchange.CodeOf(err))})
	return err
}

func (r *rig) Get(_ context.Context, key string) (journal.Value, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	value, ok := r.stored[key]
	if !ok {
		return value, fmt.Errorf("read: %w", journal.ErrNotFound)
	}
	return value, nil
}

func (r *rig) Put(_ context.Context, key string, data []byte, revision uint64) (uint64, error) {
	if between := r.between; between != nil {
		r.between = nil
		between()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stored[key].Revision != revision {
		return 0, fmt.Errorf("write: %w", journal.ErrConflict)
	}
	r.stored[key] = journal.Value{Data: data, Revision: revision + 1}
	return revision + 1, r.putFails
}

// order is a new signed order of an operator.
func (r *rig) order(operator string) breakglass.Order {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.orders++
	id := fmt.Sprint("r-", r.orders)
	return breakglass.Order{ID: id, Operator: operator, Reason: "patient unconscious", Caller: exchange.Caller{
		KeyID: operator + "-1", SignedBytes: []byte("base " + id), Signature: []byte("signature"), Body: []byte("body"),
	}}
}

func wish(t *testing.T) breakglass.Wish {
	t.Helper()
	return breakglass.Wish{Subject: number(t, person), Region: "310000", Reference: "120-7", LegalBasis: "PIPL-13-4", Minutes: 10}
}

func number(t *testing.T, text string) exchange.IDNumber {
	t.Helper()
	id, err := exchange.ParseIDNumber(text, start())
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (r *rig) open(t *testing.T, operator string) breakglass.Opening {
	t.Helper()
	opening, err := r.Open(t.Context(), r.order(operator), wish(t))
	if err != nil {
		t.Fatal(err)
	}
	return opening
}

func (r *rig) ask(t *testing.T, operator, id, about string) error {
	t.Helper()
	_, _, err := r.Desk.Query(t.Context(), r.order(operator), id, breakglass.Question{
		Operation: exchange.LicenceQuery, Subject: exchange.Subject{Name: "张三", IDNumber: number(t, about)},
	})
	return err
}

// reason gives the code of a refusal, "" for none.
func reason(err error) string {
	failure, _ := errors.AsType[*exchange.Error](err)
	switch {
	case failure == nil:
		return ""
	case len(failure.Reasons) == 0:
		return string(failure.Code)
	}
	return failure.Reasons[0].Code
}
