package breakglass_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/breakglass"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestAnOpeningIsOnRecordAndGoodForItsOperatorAndPerson(t *testing.T) {
	t.Parallel()
	r := newRig()
	opening := r.open(t, "li")
	record := r.records[0]
	if record.Operation != breakglass.OrderOpen || record.Opening != opening.ID || record.Subject != opening.Subject || record.KeyID != "li-1" ||
		record.Purpose.Operator != "li" || record.Purpose.MatterName != "patient unconscious" || record.Purpose.Case != "120-7" ||
		record.Purpose.LegalBasis != "PIPL-13-4" || len(record.Signature) == 0 || len(record.SignedBytes) == 0 || len(record.Body) == 0 || record.Outcome != "ordered" {
		t.Errorf("record %+v", record)
	}
	if err := r.ask(t, "li", opening.ID, person); err != nil {
		t.Fatal(err)
	}
	q := r.queries[0]
	if q.Caller.Platform != exchange.BreakGlassPlatform || q.Purpose.Code != exchange.BreakGlassPurpose || q.Purpose.Operator != "li" || q.Opening != opening.ID ||
		q.Purpose.Unit != "310000000000" || q.Region != "310000" || !slices.Equal(q.Wanted, []exchange.Field{"status", "points"}) || q.Caller.KeyID != "li-1" {
		t.Errorf("query %+v", q)
	}
	if r.events[breakglass.Opened] != 1 || r.events[breakglass.Answered] != 1 || r.events[breakglass.Refused] != 0 {
		t.Errorf("events %v", r.events)
	}
}

// TestAttacks: whatever is not the operator's own question about the person, in time, never reaches the broker.
func TestAttacks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		operator, about string
		before          func(*rig, breakglass.Opening) string // gives another id, or ""
		want            string
	}{
		"another operator":      {"wang", person, nil, "breakglass_not_yours"},
		"another person":        {"li", other, nil, "breakglass_other_subject"},
		"another opening's id":  {"li", person, func(*rig, breakglass.Opening) string { return strings.Repeat("0", 32) }, "not-found"},
		"a number for an id":    {"li", person, func(*rig, breakglass.Opening) string { return person }, "not-found"},
		"the minute it is over": {"li", person, func(r *rig, _ breakglass.Opening) string { r.wait(10 * time.Minute); return "" }, "breakglass_not_open"},
		"a clock set back":      {"li", person, func(r *rig, _ breakglass.Opening) string { r.wait(-2 * time.Minute); return "" }, "breakglass_clock"},
		"not allowed any more":  {"li", person, func(r *rig, _ breakglass.Opening) string { delete(r.terms, "li"); return "" }, "breakglass_not_allowed"},
		"fields were taken away": {"li", person, func(r *rig, _ breakglass.Opening) string {
			r.terms["li"] = exchange.BreakGlassTerms{Fields: []exchange.Field{"place"}}
			return ""
		}, "breakglass_nothing_to_show"},
		"a second before the end": {"li", person, func(r *rig, _ breakglass.Opening) string { r.wait(10*time.Minute - time.Second); return "" }, ""},
		"closed by another": {"li", person, func(r *rig, o breakglass.Opening) string {
			if _, err := r.Close(t.Context(), r.order("wang"), o.ID); err != nil {
				t.Error(err)
			}
			return ""
		}, "breakglass_not_open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig()
			opening := r.open(t, "li")
			id := opening.ID
			if c.before != nil {
				if another := c.before(r, opening); another != "" {
					id = another
				}
			}
			if got := reason(r.ask(t, c.operator, id, c.about)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if (len(r.queries) > 0) != (c.want == "") {
				t.Errorf("%d queries went on", len(r.queries))
			}
			last := r.records[len(r.records)-1]
			if c.want != "" && (last.Purpose.Operator != c.operator || last.Operation != exchange.LicenceQuery || strings.Contains(last.Opening, person)) {
				t.Errorf("record %+v", last)
			}
		})
	}
}

// A signed order has one effect, at whichever node it comes again, and after it was closed too.
func TestAReplayedOrderOpensNothing(t *testing.T) {
	t.Parallel()
	r := newRig()
	order := r.order("li")
	opening, err := r.Open(t.Context(), order, wish(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Close(t.Context(), r.order("li"), opening.ID); err != nil {
		t.Fatal(err)
	}
	order.ID = "another request"
	if _, err := r.desk().Open(t.Context(), order, wish(t)); exchange.CodeOf(err) != exchange.RequestReplayed {
		t.Errorf("error %v", err)
	}
	if got := reason(r.ask(t, "li", opening.ID, person)); got != "breakglass_not_open" {
		t.Errorf("asked: %s", got)
	}
}

// After a restart an opening is what it was: open until its time is over, its questions counted.
func TestARestartForgetsNothing(t *testing.T) {
	t.Parallel()
	r := newRig()
	opening := r.open(t, "li")
	for i := range 4 {
		r.Desk = r.desk()
		want := ""
		if i == 3 {
			want = "breakglass_queries_spent"
		}
		if got := reason(r.ask(t, "li", opening.ID, person)); got != want {
			t.Errorf("question %d: %q, want %q", i, got, want)
		}
	}
	r.open(t, "li")
	r.Desk = r.desk()
	if _, err := r.Open(t.Context(), r.order("li"), wish(t)); reason(err) != "breakglass_not_allowed" || r.judged[len(r.judged)-1].OpenedToday != 2 {
		t.Errorf("the third of a day: %v", err)
	}
	r.wait(24 * time.Hour)
	r.open(t, "li")
}

func TestASecondPerson(t *testing.T) {
	t.Parallel()
	r := newRig()
	terms := r.terms["li"]
	terms.SecondPerson = true
	r.terms["li"] = terms
	opening := r.open(t, "li")
	if got := reason(r.ask(t, "li", opening.ID, person)); got != "breakglass_not_open" || opening.StateAt(r.now) != breakglass.Pending {
		t.Errorf("asked before it is confirmed: %s", got)
	}
	if _, err := r.Confirm(t.Context(), r.order("li"), opening.ID); reason(err) != "breakglass_same_person" {
		t.Errorf("confirmed by himself: %v", err)
	}
	r.wait(5*time.Minute - time.Second)
	confirmed, err := r.Confirm(t.Context(), r.order("wang"), opening.ID)
	if err != nil || confirmed.ConfirmedBy != "wang" || !confirmed.Until.Equal(r.now.Add(10*time.Minute)) {
		t.Fatalf("%+v, %v", confirmed, err)
	}
	if err := r.ask(t, "li", opening.ID, person); err != nil {
		t.Error(err)
	}
	if got := reason(r.ask(t, "wang", opening.ID, person)); got != "breakglass_not_yours" {
		t.Errorf("who confirmed it asks: %s", got)
	}
	if _, err := r.Confirm(t.Context(), r.order("zhao"), opening.ID); reason(err) != "breakglass_not_pending" {
		t.Errorf("confirmed twice: %v", err)
	}
	late := r.open(t, "li")
	r.wait(5 * time.Minute)
	if _, err := r.Confirm(t.Context(), r.order("wang"), late.ID); reason(err) != "breakglass_not_pending" {
		t.Errorf("confirmed too late: %v", err)
	}
	if openings, now, err := r.List(t.Context()); err != nil || len(openings) != 2 || openings[1].StateAt(now) != breakglass.Lapsed {
		t.Errorf("%+v, %v", openings, err)
	}
}

// Without a record nothing is opened, confirmed or closed; a write that failed and was stored is there for who lists.
func TestNothingWithoutARecord(t *testing.T) {
	t.Parallel()
	r := newRig()
	opening := r.open(t, "li")
	r.noRecord = errors.New("disk full")
	if _, err := r.Open(t.Context(), r.order("wang"), wish(t)); exchange.CodeOf(err) != exchange.RecordNotDurable {
		t.Errorf("opened: %v", err)
	}
	if _, err := r.Close(t.Context(), r.order("wang"), opening.ID); exchange.CodeOf(err) != exchange.RecordNotDurable {
		t.Errorf("closed: %v", err)
	}
	delete(r.terms, "zhao")
	if _, err := r.Open(t.Context(), r.order("zhao"), wish(t)); exchange.CodeOf(err) != exchange.RecordNotDurable {
		t.Errorf("refused without a record: %v", err)
	}
	r.noRecord = nil
	if openings, now, err := r.List(t.Context()); err != nil || len(openings) != 1 || openings[0].StateAt(now) != breakglass.Open {
		t.Errorf("%+v, %v", openings, err)
	}
	r.putFails = errors.New("no answer")
	if _, err := r.Open(t.Context(), r.order("wang"), wish(t)); err == nil {
		t.Error("opened without an answer")
	}
	if openings, _, _ := r.List(t.Context()); len(openings) != 2 {
		t.Errorf("%d openings", len(openings))
	}
}

// Who is forestalled decides again by what stands then, and is on record once.
func TestForestalled(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.open(t, "li")
	r.between = func() { r.open(t, "li") }
	records := len(r.records)
	if _, err := r.Open(t.Context(), r.order("li"), wish(t)); reason(err) != "breakglass_not_allowed" {
		t.Errorf("the third of a day, at the same moment as the second: %v", err)
	}
	var outcomes []string
	for _, record := range r.records[records:] {
		outcomes = append(outcomes, record.Outcome)
	}
	if !slices.Equal(outcomes, []string{"ordered", "ordered", "policy-refused"}) {
		t.Errorf("records %v", outcomes)
	}
}

// A flood of orders opens no more than policy allows, and of questions answers no more.
func TestFlood(t *testing.T) {
	t.Parallel()
	r := newRig()
	opening := r.open(t, "li")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { _, _ = r.Open(t.Context(), r.order("li"), wish(t)) })
		all.Go(func() { _ = r.ask(t, "li", opening.ID, person) })
	}
	all.Wait()
	openings, _, err := r.List(t.Context())
	if err != nil || len(openings) > 2 || len(r.queries) > 3 {
		t.Errorf("%d openings, %d questions went on, %v", len(openings), len(r.queries), err)
	}
}
