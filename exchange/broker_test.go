package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestQueryAnswers(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.decider.decision.Withheld = []Withheld{{Field: "address", Code: "purpose_does_not_need"}}
	delete(b.decider.decision.Grants, "address")
	answer, err := b.Query(t.Context(), query(t))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(namesOf(answer.Result.Licence), slices.DeleteFunc(Fields(LicenceQuery), func(f Field) bool { return f == "address" })) {
		t.Errorf("discloses %v", namesOf(answer.Result.Licence))
	}
	if codes := withheldCodes(answer.Withheld); codes != "[address:purpose_does_not_need]" {
		t.Errorf("withheld %s", codes)
	}
	want := Provenance{Source: "first", Region: "310000", AsOf: now(), Freshness: "realtime", AgeBound: 3600}
	if answer.Provenance != want || answer.Decision != (DecisionRef{"q-1", "rev-1"}) || answer.Receipt.Log != "test" || len(answer.Body) == 0 {
		t.Errorf("provenance %+v, decision %+v, receipt %+v", answer.Provenance, answer.Decision, answer.Receipt)
	}
	if b.register.asked != 1 || b.first.asked != 1 || b.second.asked != 0 {
		t.Errorf("asked: register %d, first %d, second %d", b.register.asked, b.first.asked, b.second.asked)
	}
}

func TestQueryTellsTheDeciderAndTheSource(t *testing.T) {
	t.Parallel()
	b, q := newBench(), query(t)
	q.Wanted, q.MaxAge, q.Vehicles = []Field{"points"}, ptr(time.Minute), []Vehicle{{"02", "沪A12345"}}
	b.decider.decision.Grants = map[Field]Mask{"points": MaskNone, "name": MaskName, "phone": "new-mask", "photo": MaskNone}
	if _, err := b.Query(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	want := DecisionRequest{
		ID: q.ID, Now: now(), Operation: LicenceQuery, Platform: "suishenban", Region: "310000", Purpose: q.Purpose, Authentications: q.Authentications,
		Wanted: q.Wanted, MaxAge: q.MaxAge, SubjectAge: 76, FileNumber: true, Vehicles: 1,
	}
	if !reflect.DeepEqual(b.decider.got, want) {
		t.Errorf("the decider got %+v", b.decider.got)
	}
	got := b.first.got
	if !slices.Equal(got.Fields, []Field{"name", "points"}) || got.Subject != q.Subject || got.Purpose != q.Purpose || got.QueryID != "q-1" ||
		got.Caller != "suishenban" || got.Region != "310000" || !got.Now.Equal(now()) || len(got.Vehicles) != 1 {
		t.Errorf("the source got %+v", got)
	}
}

func TestViolationsAndPictures(t *testing.T) {
	t.Parallel()
	b, q := newBench(), query(t)
	b.decider.decision = allow(ViolationsQuery)
	q.Operation, b.first.list = ViolationsQuery, []Violation{fullViolation(), {ID: "camera"}}
	q.Vehicles = []Vehicle{{"02", "沪A12345"}}
	answer, err := b.Query(t.Context(), q)
	if err != nil || len(answer.Result.Processed) != 1 || len(answer.Result.Unprocessed) != 1 || answer.Result.Licence != nil {
		t.Fatalf("%+v, error %v", answer, err)
	}
	b, q.Vehicles = newBench(), nil
	b.decider.decision, b.first.list = allow(ViolationsQuery), []Violation{fullViolation()}
	answer, err = b.Query(t.Context(), q)
	if err != nil || answer.Result.Unprocessed != nil || withheldCodes(answer.Withheld) != "[unprocessed:vehicles_not_stated]" {
		t.Fatalf("no vehicle named: %+v, error %v", answer, err)
	}
	b = newBench()
	b.decider.decision = allow(PictureQuery)
	q.Operation, q.Violation, b.first.picture = PictureQuery, "camera", Picture{Violation: "camera", Data: []byte{1}}
	answer, err = b.Query(t.Context(), q)
	if err != nil || answer.Result.Picture == nil || !slices.Equal(b.recorder.only(t).Disclosed, []Field{PictureField}) {
		t.Fatalf("%+v, error %v", answer, err)
	}
	b = newBench()
	b.decider.decision = allow(PictureQuery)
	b.first.picture, b.second.picture = Picture{Violation: "another"}, Picture{Violation: "another"}
	answer, err = b.Query(t.Context(), q)
	b.refused(t, answer, err, SourceInvalid)
}

func TestQueryFailures(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*bench, *Query)
		want   Code
	}{
		"unknown operation":       {func(b *bench, q *Query) { q.Operation = "vehicle.query" }, PolicyRefused},
		"no route":                {func(b *bench, q *Query) { q.Region = "330000" }, OperationNotOffered},
		"the answer won't encode": {func(b *bench, q *Query) { b.Encoder = brokenEncoder{} }, Internal},
		"document expired":        {func(b *bench, q *Query) { q.Subject.IDDocumentUntil = Date{2026, 11, 23} }, IDDocumentExpired},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, q := newBench(), query(t)
			c.change(b, q)
			answer, err := b.Query(t.Context(), q)
			failure := b.refused(t, answer, err, c.want)
			if failure.Decision == nil || *failure.Decision != (DecisionRef{"q-1", "rev-1"}) {
				t.Errorf("decision %+v", failure.Decision)
			}
			if record := b.recorder.only(t); record.AnswerDigest != "" || record.Disclosed != nil {
				t.Errorf("the record claims an answer: %+v", record)
			}
		})
	}
}

func TestDocumentIsValidOnItsLastDay(t *testing.T) {
	t.Parallel()
	b, q := newBench(), query(t)
	q.Subject.IDDocumentUntil = Date{2026, 11, 24}
	if _, err := b.Query(t.Context(), q); err != nil {
		t.Error(err)
	}
}

func TestObserveSeesEachAttempt(t *testing.T) {
	t.Parallel()
	b := newBench()
	var seen []string
	b.Observe = func(_ context.Context, a Attempt) { seen = append(seen, a.Source+" "+a.Outcome) }
	b.first.err = &Error{Code: SourceDown}
	if _, err := b.Query(t.Context(), query(t)); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(seen, ", "); got != "population answered, first source-down, second answered" {
		t.Error(got)
	}
}

// One broker serves everybody at once; run with -race.
func TestQueriesInParallel(t *testing.T) {
	t.Parallel()
	const callers = 32
	b := newBench()
	shared := &Error{Code: SourceDown, Err: errors.New("refused")}
	b.first.err = shared
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			if _, err := b.Query(t.Context(), query(t)); err != nil {
				t.Error(err)
			}
			b.Refuse(t.Context(), query(t), shared)
		})
	}
	group.Wait()
	if len(b.recorder.records) != 2*callers || shared.Source != "" || shared.Receipt != nil {
		t.Errorf("%d records; the shared error became %+v", len(b.recorder.records), shared)
	}
	if text, err := json.Marshal(b.recorder.records); err != nil || strings.Contains(string(text), citizenID) {
		t.Errorf("records hold the number, error %v", err)
	}
}
