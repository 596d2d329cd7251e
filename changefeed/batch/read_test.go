package batch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestRowsBecomeReports page by page, and rows that come again are handed in once.
func TestRowsBecomeReports(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.table.perPage = 4
	for n := range 10 {
		r.table.incoming = append(r.table.incoming, reported(t, "police", n, 1, "A"))
	}
	d := r.driver(t, "one", nil)
	for range 3 {
		must(t, do(t, d, Reading))
		r.clock.turn(defaultEvery)
	}
	if got := r.records.outcomes(exchange.ChangeReport); got["accepted"] != 10 || len(got) != 1 {
		t.Errorf("%v", got)
	}
	if r.counted.of(RowReported) != 10 || r.counted.of(RowRejected) != 0 || r.counted.of(RowBroken) == 0 {
		t.Errorf("%v", r.counted.seen)
	}
	known, err := r.book.Last(testContext(t), key(9))
	if err != nil || known.State == nil || known.State.Stands.Status != "A" {
		t.Errorf("%+v, %v", known, err)
	}
	must(t, do(t, r.driver(t, "after a restart", nil), Reading)) // the overlap comes once more, without effect
	if got := r.records.outcomes(exchange.ChangeReport); got["duplicate"] != 2 {
		t.Errorf("%v", got)
	}
}

// TestALicencesRowsStayInOrder: taken the other way round, the earlier words would be stale.
func TestALicencesRowsStayInOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for minute := range 10 {
		for n := range 5 {
			r.table.incoming = append(r.table.incoming, reported(t, "police", n, minute, exchange.StatusSet([]string{"A", "B"}[minute%2])))
		}
	}
	must(t, do(t, r.driver(t, "one", nil), Reading))
	if got := r.records.outcomes(exchange.ChangeReport); got["accepted"] != 50 {
		t.Errorf("%v", got)
	}
}

// TestRowsThatMayNotBeAreRejected, and the other side is told by codes alone.
func TestRowsThatMayNotBeAreRejected(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	far := reported(t, "police", 2, 1, "A")
	far.Happened = noon().Add(time.Hour)
	empty := reported(t, "police", 3, 1, "")
	r.table.incoming = []*exchange.Report{reported(t, "stranger", 1, 1, "A"), far, empty, reported(t, "police", 4, 1, "A")}
	must(t, do(t, r.driver(t, "one", nil), Reading))
	want := map[string]string{
		"stranger-1-1": "policy-refused may_not_announce", "police-2-1": "impossible", "police-3-1": "invalid-request /facts",
	}
	if fmt.Sprint(r.table.rejected) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", r.table.rejected, want)
	}
	if r.counted.of(RowReported) != 1 || r.counted.of(RowRejected) != 3 {
		t.Errorf("%v", r.counted.seen)
	}
}

// moody is an intake that fails while it is told to.
type moody struct {
	Intake
	mu   sync.Mutex
	fail error
}

func (m *moody) Report(ctx context.Context, report *exchange.Report) (changefeed.Acceptance, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return changefeed.Acceptance{}, m.fail
	}
	return m.Intake.Report(ctx, report)
}

// TestTheMarkWaitsForDurableReports whatever keeps them from being so.
func TestTheMarkWaitsForDurableReports(t *testing.T) {
	t.Parallel()
	for _, code := range []exchange.Code{exchange.Overloaded, exchange.RecordNotDurable, exchange.PolicyUnavailable} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			intake := &moody{Intake: r.intake, fail: exchange.Errorf(code, "not now")}
			r.table.incoming = []*exchange.Report{reported(t, "police", 1, 1, "A")}
			d := r.driver(t, "one", func(c *Config) { c.Intake = intake })
			if err := do(t, d, Reading); exchange.CodeOf(err) != code {
				t.Error(err)
			}
			at, _, err := d.cfg.Places.read(testContext(t), "front/reading")
			if err != nil || at.Mark != nil || !at.Reached.IsZero() || at.Holder != "" {
				t.Errorf("%+v, %v", at, err)
			}
			intake.fail = nil
			must(t, do(t, d, Reading))
			if r.counted.of(RowReported) != 1 || len(r.table.rejected) != 0 {
				t.Errorf("%v, rejected %v", r.counted.seen, r.table.rejected)
			}
		})
	}
}

// TestADatabaseThatIsDownDelaysReadingOnly and is no reason to give the platform up.
func TestADatabaseThatIsDownDelaysReadingOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.table.fail = exchange.Errorf(exchange.SourceDown, "down")
	d := r.driver(t, "one", nil)
	if err := do(t, d, Reading, Readback); exchange.CodeOf(err) != exchange.SourceDown {
		t.Error(err)
	}
	if r.counted.of("reading/source-down") != 1 || r.counted.of("readback/source-down") != 1 {
		t.Errorf("%v", r.counted.seen)
	}
	r.table.fail = nil
	must(t, do(t, d, Reading, Readback))
}

// TestRefusalsAreReadBackAndParked once each, strays counted once.
func TestRefusalsAreReadBackAndParked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.report(t, "police", 1, 1, "A")
	r.table.refused = []Refused{
		{Licence: key(1), Version: 1, At: noon(), Remark: "证件号不存在"}, {Licence: "", At: noon()}, {Licence: key(9), Version: 4, At: noon()},
	}
	d := r.driver(t, "one", nil)
	for range 3 {
		must(t, do(t, d, Readback))
		r.clock.turn(defaultEvery)
	}
	must(t, do(t, r.driver(t, "after a restart", nil), Readback))
	if r.counted.of(RowRefused) != 1 || r.counted.of(RowStray) != 2+2 {
		t.Errorf("%v", r.counted.seen)
	}
	preview, err := r.dispatcherParking(t).Preview(testContext(t), changefeed.Selection{Reason: exchange.SourceRefused})
	if err != nil || preview.Count != 1 || preview.First[0].Attempts != 1 {
		t.Fatalf("%+v, %v", preview, err)
	}
	if remark, err := r.book.Remark(&preview.First[0]); err != nil || remark != "证件号不存在" {
		t.Errorf("%q, %v", remark, err)
	}
}

// TestRecentForgetsTheOldestHalf and never what still comes.
func TestRecentForgetsTheOldestHalf(t *testing.T) {
	t.Parallel()
	var m recent
	for i := range 3 * remembered {
		m.add(fmt.Sprint(i))
		if !m.has("0") && i > 0 {
			t.Fatalf("what comes each time is forgotten at %d", i)
		}
	}
	if m.has("1") || !m.has(fmt.Sprint(3*remembered-1)) || len(m.newer)+len(m.former) > 2*remembered {
		t.Errorf("%d and %d are remembered", len(m.newer), len(m.former))
	}
}

// TestRunWorksByItself until it is told to stop.
func TestRunWorksByItself(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	must(t, do(t, r.driver(t, "before", nil), Telling))
	r.report(t, "police", 1, 1, "A")
	r.table.incoming = []*exchange.Report{reported(t, "police", 2, 1, "A")}
	r.clock.night()
	written := make(chan struct{})
	r.table.react = func(string, []exchange.Notice) reaction {
		if r.table.react = nil; written != nil {
			close(written)
		}
		return reaction{}
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); r.driver(t, "one", nil).Run(ctx) }()
	select {
	case <-written:
	case <-testContext(t).Done():
		t.Error("nothing was written")
	}
	stop()
	<-done
	if _, err := r.places("x").Cursor(r.ledger, "front", 0).Next(t.Context()); !errors.Is(err, errBatched) {
		t.Error(err)
	}
}
