package batch

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestABatchTellsTheNewestOfEachLicence when it is due and not before.
func TestABatchTellsTheNewestOfEachLicence(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.driver(t, "one", nil)
	must(t, do(t, d, Telling)) // it sees the platform for the first time
	for n := range 20 {
		r.report(t, "police", n, 1, "A")
		r.report(t, "police", n, 2, "B")
	}
	r.report(t, "wechat", 1, 3, "A")  // contradicts the police: no version
	r.report(t, "front", 30, 1, "A")  // its own word
	r.report(t, "front", 31, 1, "A")  // its own word, then another's
	r.report(t, "police", 31, 2, "J") // goes there with all that stands
	beijing := reported(t, "police", 40, 1, "A")
	beijing.Region = "110000" // policy shows nothing of it
	if _, err := r.intake.Report(testContext(t), beijing); err != nil {
		t.Fatal(err)
	}
	must(t, do(t, d, Telling))
	if len(r.table.rows) > 0 || !d.Told().IsZero() {
		t.Fatalf("told %d rows before the night", len(r.table.rows))
	}
	r.clock.night()
	must(t, do(t, d, Telling))
	rows, ordered := r.table.state()
	if len(rows) != 21 || len(r.table.rows) != 21 || !ordered {
		t.Errorf("%d rows of %d licences", len(r.table.rows), len(rows))
	}
	row := rows[key(7)]
	if row.Version != 2 || fmt.Sprint(row.Events) != "[{status.added A} {status.added B} {status.removed A}]" || row.Via[0] != "gateway-a" {
		t.Errorf("%+v", row)
	}
	if row := rows[key(31)]; row.Version != 2 || row.Origin != "police" {
		t.Errorf("%+v", row)
	}
	for outcome, want := range map[string]int{
		changefeed.OutcomeDelivered: 21, changefeed.OutcomeOvertaken: 20, changefeed.OutcomeEcho: 2, changefeed.OutcomeNothing: 1, changefeed.OutcomeInvisible: 1,
		"rows": 21, "telling/": partitions,
	} {
		if got := r.counted.of(outcome); got != want {
			t.Errorf("%s: %d, want %d", outcome, got, want)
		}
	}
	if got := r.records.outcomes(exchange.ChangeDelivery)[changefeed.OutcomeDelivered]; got != 21 {
		t.Errorf("%d records", got)
	}
	for _, number := range r.table.numbers {
		if !strings.HasPrefix(number, "20261125-0000-") {
			t.Errorf("batch number %s", number)
		}
	}
	if !d.Told().Equal(r.clock.now()) {
		t.Errorf("told up to %s", d.Told())
	}
	r.clock.night()
	must(t, do(t, d, Telling))
	if len(r.table.rows) != 21 {
		t.Error("the next night told it again")
	}
}

// TestLargeBatchesAreCut and each piece moves the place.
func TestLargeBatchesAreCut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.table.limit = 3
	d := r.driver(t, "one", nil)
	must(t, do(t, d, Telling))
	for version := range 3 {
		for n := range 50 {
			r.report(t, "police", n, version, exchange.StatusSet([]string{"A", "B", "J"}[version]))
		}
	}
	r.clock.night()
	must(t, do(t, d, Telling))
	rows, ordered := r.table.state()
	if len(rows) != 50 || !ordered || r.table.most != 3 {
		t.Errorf("%d licences, the largest batch has %d rows, in order: %t", len(rows), r.table.most, ordered)
	}
	for licence, row := range rows {
		if row.Version != 3 {
			t.Errorf("%s is at %d", licence, row.Version)
		}
	}
	seen := map[string]bool{}
	for _, number := range r.table.numbers {
		if seen[number] {
			t.Errorf("two batches have the number %s", number)
		}
		seen[number] = true
	}
}

// TestWhatFailsIsToldLater fails before the commit, then after it, then in the records; nothing is lost, and nothing doubled.
func TestWhatFailsIsToldLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.driver(t, "one", nil)
	must(t, do(t, d, Telling))
	r.report(t, "police", 1, 1, "A")
	r.clock.night()
	down := exchange.Errorf(exchange.SourceDown, "down")
	for name, react := range map[string]reaction{"before": {before: down}, "after": {after: down}} {
		r.table.react = func(string, []exchange.Notice) reaction { return react }
		if err := do(t, d, Telling); exchange.CodeOf(err) != exchange.SourceDown {
			t.Errorf("%s the commit: %v", name, err)
		}
	}
	r.table.react = nil
	r.records.fail = func(*exchange.Record) error { return errors.New("no disk") }
	if err := do(t, d, Telling); exchange.CodeOf(err) != exchange.RecordNotDurable {
		t.Errorf("no record: %v", err)
	}
	r.records.fail = nil
	status, err := r.dispatcher.Status(testContext(t))
	if err != nil || status[0].Entries != 1 || status[0].Lag <= 0 {
		t.Errorf("%+v, %v", status, err)
	}
	must(t, do(t, d, Telling))
	status, err = r.dispatcher.Status(testContext(t))
	if err != nil || status[0].Entries != 0 || status[0].Health.LastSuccess.IsZero() {
		t.Errorf("%+v, %v", status, err)
	}
	if len(r.table.rows) != 1 || r.counted.of("known") == 0 || len(r.records.outcomes(exchange.ChangeDelivery)) != 1 {
		t.Errorf("%d rows, %d known, records %v", len(r.table.rows), r.counted.of("known"), r.records.outcomes(exchange.ChangeDelivery))
	}
}

// TestFailuresWaitLonger by the platform's patience, and end in the switch.
func TestFailuresWaitLonger(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.driver(t, "one", nil)
	w := d.works[r.ledger.Partition(key(1))]
	_, err := w.step(testContext(t))
	must(t, err)
	r.report(t, "police", 1, 1, "A")
	r.clock.night()
	r.table.react = func(string, []exchange.Notice) reaction {
		return reaction{before: exchange.Errorf(exchange.SourceDown, "down")}
	}
	var waits []time.Duration
	for range 4 {
		wait, err := w.step(testContext(t))
		if err == nil {
			t.Fatal("no failure")
		}
		waits = append(waits, wait)
	}
	if got := fmt.Sprint(waits); got != "[100ms 200ms 400ms 800ms]" {
		t.Error(got)
	}
	r.clock.turn(72 * time.Hour)
	if _, err := w.step(testContext(t)); err == nil {
		t.Fatal("no failure")
	}
	r.table.react = nil
	if wait, err := w.step(testContext(t)); err != nil || wait != lookAgain || len(r.table.rows) != 0 {
		t.Errorf("switched off: %s, %v, %d rows", wait, err, len(r.table.rows))
	}
	must(t, r.dispatcher.Enable(testContext(t), "front", changefeed.Action{Operator: "op", Reason: "it is back"}))
	if _, err := w.step(testContext(t)); err != nil || len(r.table.rows) != 1 {
		t.Errorf("switched on: %v, %d rows", err, len(r.table.rows))
	}
}

// TestRefusedRowsAreParkedBeforeThePlaceMoves and the others are delivered.
func TestRefusedRowsAreParkedBeforeThePlaceMoves(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.driver(t, "one", nil)
	must(t, do(t, d, Telling))
	for n := range 5 {
		r.report(t, "police", n, 1, "A")
	}
	r.clock.night()
	r.table.react = func(_ string, notices []exchange.Notice) (re reaction) {
		for _, n := range notices {
			if n.Licence == key(2) {
				re.refuse = append(re.refuse, Refused{Licence: n.Licence, Version: n.Version, At: noon(), Remark: "column zxbh: too long"})
			}
		}
		return re
	}
	r.records.fail = func(record *exchange.Record) error {
		if record.Outcome == string(exchange.SourceRefused) {
			return errors.New("no disk")
		}
		return nil
	}
	if err := do(t, d, Telling); err == nil || r.counted.of(changefeed.OutcomeParked) != 0 {
		t.Errorf("not parked: %v", err)
	}
	r.records.fail = nil
	must(t, do(t, d, Telling))
	if r.counted.of(changefeed.OutcomeParked) != 1 || len(r.table.rows) != 4 {
		t.Errorf("%d parked, %d rows", r.counted.of(changefeed.OutcomeParked), len(r.table.rows))
	}
	r.table.react = nil
	preview, err := r.dispatcherParking(t).Preview(testContext(t), changefeed.Selection{Platform: "front"})
	if err != nil || preview.Count != 1 || preview.First[0].Licence != key(2) || preview.First[0].Version != 1 {
		t.Fatalf("%+v, %v", preview, err)
	}
	progress, err := r.dispatcher.Replay(testContext(t), changefeed.ReplayOrder{Token: preview.Token, By: changefeed.Action{Operator: "op", Reason: "mended"}})
	if err != nil || progress.Delivered != 1 || len(r.table.rows) != 5 {
		t.Errorf("%+v, %v, %d rows", progress, err, len(r.table.rows))
	}
}

func (r *rig) dispatcherParking(t testing.TB) *changefeed.Parking {
	return changefeed.NewParking(r.openLedger(t, "parked", 1), r.clock.now)
}

// TestAnUnreadableEntryStopsNobody is parked, and what is behind it is told.
func TestAnUnreadableEntryStopsNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.driver(t, "one", nil)
	must(t, do(t, d, Telling))
	if _, err := r.ledger.Put(testContext(t), key(1), []byte("not ours"), 0); err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		r.report(t, "police", n+2, 1, "A")
	}
	r.clock.night()
	must(t, do(t, d, Telling))
	if r.counted.of(changefeed.OutcomeParked) != 1 || len(r.table.rows) != 20 {
		t.Errorf("%d parked, %d rows", r.counted.of(changefeed.OutcomeParked), len(r.table.rows))
	}
}
