package changefeed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestIntakeTellsAndRecordsEachOutcome(t *testing.T) {
	t.Parallel()
	intake, records := newIntake(t, openLedger(t, openJournal(t, t.TempDir()), "licences", 4))
	var counted []string
	intake.Observe = func(outcome string) { counted = append(counted, outcome) }
	roundTrip := reported(t, "police", 1, 9, zt("H"))
	roundTrip.Via = []string{"gateway-b", "gateway-a"}
	future := reported(t, "police", 1, 10004, zt("H"))
	cases := []struct {
		report  *exchange.Report
		outcome exchange.ReportOutcome
		version uint64
	}{
		{reported(t, "police", 1, 5, zt("BD")), exchange.ReportAccepted, 1},
		{reported(t, "police", 1, 5, zt("BD")), exchange.ReportDuplicate, 1},
		{reported(t, "police", 1, 4, zt("A")), exchange.ReportStale, 1},
		{reported(t, "suishenban", 1, 6, zt("DB")), exchange.ReportUnchanged, 1},
		{reported(t, "wechat", 1, 7, zt("A")), exchange.ReportConflicting, 1},
		{reported(t, "wechat", 1, 7, zt("A")), exchange.ReportDuplicate, 1},
		{future, exchange.ReportImpossible, 1},
		{roundTrip, exchange.ReportDuplicate, 1},
		{reported(t, "police", 1, 8, zt("F")), exchange.ReportAccepted, 2},
		{reported(t, "suishenban", 1, 9, zt("A")), exchange.ReportImpossible, 2},
		{reported(t, "suishenban", 2, 9, zt("A")), exchange.ReportAccepted, 1},
	}
	var outcomes []string
	for i, c := range cases {
		got := report(t, intake, c.report)
		if got.Outcome != c.outcome || got.Version != c.version || got.Receipt.Index != uint64(i) {
			t.Errorf("report %d: %+v, want %s and version %d", i, got, c.outcome, c.version)
		}
		outcomes = append(outcomes, string(c.outcome))
	}
	if got := records.outcomes(exchange.ChangeReport); !slices.Equal(got, outcomes) || !slices.Equal(counted, outcomes) {
		t.Errorf("recorded %v, counted %v", got, counted)
	}
	known, err := intake.Book.Last(t.Context(), licenceKey(1))
	if err != nil || known.State.Stands.Status != "F" || len(known.State.Says) != 3 || known.Subject != citizen(t) || known.Outcome != exchange.ReportAccepted {
		t.Errorf("known: %+v, %v", known, err)
	}
}

// TestIntakeRecordsWhatWasSigned reads a record back: who, of whom, what aspects and the bytes that were signed, but no number.
// TestIntakeRefusesAnIDUsedTwice: a second report under the id of another one is not lost unseen, and changes nothing.
func TestIntakeRefusesAnIDUsedTwice(t *testing.T) {
	t.Parallel()
	intake, records := newIntake(t, openLedger(t, openJournal(t, t.TempDir()), "licences", 4))
	first, second := reported(t, "police", 1, 5, zt("BD")), reported(t, "police", 1, 6, zt("A"))
	second.ID = first.ID
	report(t, intake, first)
	_, err := intake.Report(testContext(t), second)
	failure, ok := errors.AsType[*exchange.Error](err)
	if !ok || failure.Code != exchange.InvalidRequest || len(failure.Pointers) != 1 || failure.Receipt == nil ||
		failure.Pointers[0].Pointer != "/reportId" || failure.Pointers[0].Code != "report-id-used" || failure.Pointers[0].Text.ZH == "" {
		t.Fatalf("second report: %v, %+v", err, failure)
	}
	if got := report(t, intake, first); got.Outcome != exchange.ReportDuplicate || got.Version != 1 {
		t.Errorf("the first one again: %+v", got)
	}
	second.ID = "another"
	if got := report(t, intake, second); got.Outcome != exchange.ReportAccepted || got.Version != 2 {
		t.Errorf("under an id of its own: %+v", got)
	}
	want := []string{"accepted", "invalid-request", "duplicate", "accepted"}
	if got := records.outcomes(exchange.ChangeReport); !slices.Equal(got, want) {
		t.Errorf("recorded %v", got)
	}
}

func TestIntakeRecordsWhatWasSigned(t *testing.T) {
	t.Parallel()
	intake, records := newIntake(t, openLedger(t, openJournal(t, t.TempDir()), "licences", 1))
	r := reported(t, "police", 1, 5, exchange.Facts{Status: "A", Points: new(3)})
	r.Origin = "tmri-sh"
	r.Caller = exchange.Caller{Platform: "police", KeyID: "police-1", SignedBytes: []byte("base"), Signature: []byte("sig"), Body: []byte("body")}
	report(t, intake, r)
	got := records.records[0]
	if got.ID != r.ID || got.Platform != "police" || got.KeyID != "police-1" || got.Subject != r.Licence || got.Region != "310000" ||
		got.Source != "tmri-sh" || !got.AsOf.Equal(r.Happened) || !got.Time.Equal(now()) || string(got.Body) != "body" || string(got.Signature) != "sig" {
		t.Errorf("record %+v", got)
	}
	if !slices.Equal(got.Disclosed, []exchange.Field{"status", "points"}) {
		t.Errorf("disclosed %v", got.Disclosed)
	}
	if text := fmt.Sprintf("%+v", got); strings.Contains(text, "19491231") {
		t.Error("the record shows the ID number")
	}
	if !r.Learned.IsZero() || r.Rank != exchange.RankNone {
		t.Error("the caller's report was changed")
	}
}

func TestIntakeRefuses(t *testing.T) {
	t.Parallel()
	broken := func(change func(*exchange.Report)) *exchange.Report {
		r := reported(t, "police", 1, 5, zt("A"))
		change(r)
		return r
	}
	cases := map[string]struct {
		report *exchange.Report
		code   exchange.Code
	}{
		"who may not announce":  {reported(t, "stranger", 1, 5, zt("A")), exchange.PolicyRefused},
		"nothing said":          {broken(func(r *exchange.Report) { r.Facts = exchange.Facts{} }), exchange.InvalidRequest},
		"of nobody":             {broken(func(r *exchange.Report) { r.Subject = exchange.Subject{} }), exchange.InvalidRequest},
		"of no province":        {broken(func(r *exchange.Report) { r.Region = exchange.National }), exchange.InvalidRequest},
		"of no moment":          {broken(func(r *exchange.Report) { r.Happened = time.Time{} }), exchange.InvalidRequest},
		"without an id":         {broken(func(r *exchange.Report) { r.ID = "" }), exchange.InvalidRequest},
		"of a key that is none": {broken(func(r *exchange.Report) { r.Licence = "A B" }), exchange.InvalidRequest},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			intake, records := newIntake(t, &faultyLedger{Ledger: openLedger(t, openJournal(t, t.TempDir()), "licences", 1)})
			_, err := intake.Report(testContext(t), c.report)
			failure, ok := errors.AsType[*exchange.Error](err)
			if !ok || failure.Code != c.code || failure.Receipt == nil {
				t.Fatalf("error %+v", err)
			}
			if got := records.outcomes(exchange.ChangeReport); !slices.Equal(got, []string{string(c.code)}) {
				t.Errorf("recorded %v", got)
			}
			if c.code == exchange.PolicyRefused && !slices.Equal(records.records[0].Reasons, []string{"may_not_announce"}) {
				t.Errorf("reasons %v", records.records[0].Reasons)
			}
		})
	}
}

// undecidedAnnouncers fail as a policy engine does.
type undecidedAnnouncers struct{}

func (undecidedAnnouncers) Rank(context.Context, Announcement) (exchange.Rank, error) {
	return exchange.RankAuthority, errors.New("engine is away")
}

func TestNoDecisionIsARefusal(t *testing.T) {
	t.Parallel()
	intake, _ := newIntake(t, openLedger(t, openJournal(t, t.TempDir()), "licences", 1))
	intake.Announcers = undecidedAnnouncers{}
	if _, err := intake.Report(testContext(t), reported(t, "police", 1, 5, zt("A"))); exchange.CodeOf(err) != exchange.PolicyUnavailable {
		t.Errorf("error %v", err)
	}
	if known, err := intake.Book.Last(t.Context(), licenceKey(1)); err != nil || known.State != nil {
		t.Errorf("known %+v, %v", known, err)
	}
}
