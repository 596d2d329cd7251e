package exchange

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRecordOfAnAnswer(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.decider.decision.Grants = map[Field]Mask{"points": MaskNone, "name": MaskName, "address": "new-mask"}
	b.decider.decision.Withheld = []Withheld{{Field: "phone", Code: "purpose_does_not_need"}}
	b.first.asOf = now().Add(-time.Minute)
	answer, err := b.Query(t.Context(), query(t))
	if err != nil {
		t.Fatal(err)
	}
	q := query(t)
	want := Record{
		ID: "q-1", Time: now(), Operation: LicenceQuery, Platform: "suishenban", KeyID: "suishenban-1", Region: "310000",
		Subject: "pseudonym-1****************X", Purpose: q.Purpose, Authentications: q.Authentications, Assurance: "face",
		SubjectAge: 76, FileNumber: true,
		Outcome: Answered, Revision: "rev-1", Rules: []string{"points.full"},
		Disclosed: []Field{"name", "points"}, Masked: []Field{"name"},
		Withheld: []WithheldCode{{"phone", "purpose_does_not_need"}, {"address", "mask_unknown"}},
		Attempts: []Attempt{{"population", Answered, 0}, {"first", Answered, 0}},
		Source:   "first", AsOf: now().Add(-time.Minute), AnswerDigest: b.Digest(answer.Body),
		SignedBytes: q.Caller.SignedBytes, Signature: q.Caller.Signature, Body: q.Caller.Body,
	}
	if got := b.recorder.only(t); !reflect.DeepEqual(got, want) {
		t.Errorf("recorded %+v\nwant %+v", got, want)
	}
}

// The request's body holds the number; encoding a record must not.
func TestRecordHoldsNoClearNumber(t *testing.T) {
	t.Parallel()
	b, q := newBench(), query(t)
	if _, err := b.Query(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	b.first.licence.IDNumber = "310101199801011232"
	b.second.err = &Error{Code: SourceDown}
	b.Query(t.Context(), q)
	text, err := json.Marshal(b.recorder.records)
	if err != nil || len(b.recorder.records) != 2 {
		t.Fatalf("%d records, error %v", len(b.recorder.records), err)
	}
	for _, secret := range []string{citizenID, citizenName, "310012345678", "13812345678", "310101199801011232"} {
		if strings.Contains(string(text), secret) || strings.Contains(string(text), base64.StdEncoding.EncodeToString([]byte(secret))) {
			t.Errorf("the records hold a clear value that begins %.3s", secret)
		}
	}
}

func TestNoAnswerWithoutARecord(t *testing.T) {
	t.Parallel()
	overloaded := &Error{Code: Overloaded, RetryAfter: 2 * time.Second}
	cases := map[string]struct {
		recorder *fakeRecorder
		want     Code
		retry    time.Duration
		stored   int
	}{
		"failed":                {&fakeRecorder{fail: errors.New("disk full")}, RecordNotDurable, time.Second, 0},
		"failed but was stored": {&fakeRecorder{failStored: errors.New("no acknowledgement")}, RecordNotDurable, time.Second, 1},
		"overloaded":            {&fakeRecorder{fail: overloaded}, Overloaded, 2 * time.Second, 0},
		"with another code":     {&fakeRecorder{fail: &Error{Code: SourceDown}}, RecordNotDurable, time.Second, 0},
	}
	for name, c := range cases {
		for _, refused := range []bool{false, true} {
			b := newBench()
			b.recorder, b.Recorder = c.recorder, c.recorder
			before := len(c.recorder.records)
			if refused {
				b.decider.decision = refuse("purpose_unknown")
			}
			answer, err := b.Query(t.Context(), query(t))
			failure, ok := errors.AsType[*Error](err)
			if answer != nil || !ok || failure.Code != c.want || failure.RetryAfter != c.retry || failure.Receipt != nil {
				t.Errorf("%s, refused %v: %+v, error %+v", name, refused, answer, err)
			}
			if got := len(c.recorder.records) - before; got != c.stored {
				t.Errorf("%s, refused %v: %d records", name, refused, got)
			}
		}
	}
}

func TestRefuseRecords(t *testing.T) {
	t.Parallel()
	b := newBench()
	q := &Query{ID: "q-2", Received: now(), Caller: Caller{Platform: "suishenban", KeyID: "suishenban-1", SignedBytes: []byte("base"), Signature: []byte("sig")}}
	refusal := &Error{Code: InvalidRequest, Pointers: []Pointer{{Pointer: "/subject/name"}}}
	failure := b.refused(t, nil, b.Refuse(t.Context(), q, refusal), InvalidRequest)
	if len(failure.Pointers) != 1 || failure.Decision != nil || refusal.Receipt != nil {
		t.Errorf("%+v; the refusal handed in became %+v", failure, refusal)
	}
	record := b.recorder.only(t)
	if record.ID != "q-2" || record.Platform != "suishenban" || record.Subject != "" || string(record.Signature) != "sig" {
		t.Errorf("recorded %+v", record)
	}
	b = newBench()
	failure = b.refused(t, nil, b.Refuse(t.Context(), query(t), errors.New("panic in a handler")), Internal)
	if got := b.recorder.only(t); got.Subject == "" || failure.Err == nil {
		t.Errorf("recorded %+v", got)
	}
}

func TestReasonsOfARefusalWithoutADecision(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.Refuse(t.Context(), query(t), &Error{Code: PolicyRefused, Reasons: []Reason{{Code: "delegation_expired"}}})
	if got := b.recorder.only(t).Reasons; !slices.Equal(got, []string{"delegation_expired"}) {
		t.Errorf("reasons %v", got)
	}
}
