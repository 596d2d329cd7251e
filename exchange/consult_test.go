package exchange

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func everyCode() []Code {
	return []Code{
		MalformedJSON, InvalidRequest, BodyTooLarge, UnsupportedMedia, EnvelopeInvalid, EnvelopeRequired, NotFound, MethodNotAllowed,
		SignatureMissing, SignatureInvalid, SignatureExpired, RequestReplayed, UnknownPlatform, PolicyRefused, PolicyUnavailable,
		FaceSimilarityLow, TooOld, NoRecord, IdentityMismatch, IdentityUnknown, SubjectDeceased, RecordNotArchived, IDDocumentExpired,
		TransferInterrupted, SourceRefused, SourceDown, SourceTimeout, SourceInvalid, OperationNotOffered, Overloaded, RecordNotDurable, Internal,
	}
}

// Only a failure of the source itself moves on; what it says about the person stands.
func TestFallback(t *testing.T) {
	t.Parallel()
	next := map[Code]bool{
		SourceDown: true, SourceTimeout: true, SourceInvalid: true, SourceRefused: true, TransferInterrupted: true, Overloaded: true, TooOld: true,
	}
	for _, code := range everyCode() {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			b := newBench()
			b.first.err = fmt.Errorf("ask: %w", &Error{Code: code})
			answer, err := b.Query(t.Context(), query(t))
			if !next[code] {
				if failure := b.refused(t, answer, err, code); failure.Source != "first" || b.second.asked != 0 {
					t.Errorf("source %q, second asked %d times", failure.Source, b.second.asked)
				}
				return
			}
			if err != nil || answer.Provenance.Source != "second" || !answer.Provenance.Fallback {
				t.Fatalf("%+v, error %v", answer, err)
			}
			attempts := b.recorder.only(t).Attempts
			if len(attempts) != 3 || attempts[1].Outcome != string(code) || attempts[2].Outcome != Answered {
				t.Errorf("attempts %v", attempts)
			}
		})
	}
}

func TestPlainErrorOfASourceIsInternal(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.first.err = errors.New("nil map")
	answer, err := b.Query(t.Context(), query(t))
	b.refused(t, answer, err, Internal)
}

// The first source is the one that counts: if nobody answers, its failure is told. What a later one says of the person stands.
func TestWhichFailureIsTold(t *testing.T) {
	t.Parallel()
	cases := []struct{ first, second, want Code }{
		{SourceDown, SourceInvalid, SourceDown},
		{SourceRefused, SourceDown, SourceRefused},
		{TooOld, SourceDown, TooOld},
		{SourceDown, NoRecord, NoRecord},
		{SourceInvalid, IdentityMismatch, IdentityMismatch},
	}
	for _, c := range cases {
		b := newBench()
		b.first.err, b.second.err = &Error{Code: c.first, RetryAfter: time.Minute}, &Error{Code: c.second}
		answer, err := b.Query(t.Context(), query(t))
		failure := b.refused(t, answer, err, c.want)
		if first := c.first == c.want; first != (failure.Source == "first") || first != (failure.RetryAfter == time.Minute) {
			t.Errorf("%s, then %s: told %v of %s", c.first, c.second, failure, failure.Source)
		}
	}
}

// An error's text says each code once, however many hands it went through.
func TestFailureTextIsNotRepeated(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.Routes[0].Sources = b.Routes[0].Sources[:1]
	b.first.err = Errorf(SourceDown, "dial: %w", context.DeadlineExceeded)
	_, err := b.Query(t.Context(), query(t))
	if err == nil || err.Error() != "source-down (first): dial: context deadline exceeded" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// A caller who hangs up is not worth a second source, but leaves a record.
func TestCallerHangsUp(t *testing.T) {
	t.Parallel()
	b := newBench()
	ctx, cancel := context.WithCancel(t.Context())
	b.first.before, b.first.err = cancel, &Error{Code: SourceDown}
	answer, err := b.Query(ctx, query(t))
	b.refused(t, answer, err, SourceDown)
	if b.second.asked != 0 {
		t.Error("the second source was asked for nobody")
	}
	b = newBench()
	answer, err = b.Query(ctx, query(t))
	b.refused(t, answer, err, PolicyUnavailable) // gone before the decision
}

func TestAge(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		age     time.Duration
		onStale StaleAction
		want    Code // of the first source's attempt
		stale   bool
	}{
		"fresh":                     {time.Minute, StaleRefuse, Answered, false},
		"at the bound":              {time.Hour, StaleRefuse, Answered, false},
		"over the bound":            {time.Hour + time.Second, StaleRefuse, TooOld, false},
		"over the bound, mark":      {time.Hour + time.Second, StaleMark, Answered, true},
		"over the bound, unset":     {time.Hour + time.Second, "", TooOld, false},
		"clocks differ":             {-180 * time.Second, StaleRefuse, Answered, false},
		"in the future":             {-181 * time.Second, StaleMark, SourceInvalid, false},
		"decades old":               {50 * 365 * 24 * time.Hour, StaleRefuse, TooOld, false},
		"not dated, mark or refuse": {now().Sub(time.Time{}), StaleMark, SourceInvalid, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench()
			b.decider.decision.OnStale = c.onStale
			b.first.asOf = now().Add(-c.age)
			if c.age == now().Sub(time.Time{}) { // over 292 years, which no Duration holds
				b.first.asOf = time.Time{}
			}
			answer, err := b.Query(t.Context(), query(t))
			if err != nil {
				t.Fatal(err) // the second source is always fresh
			}
			record := b.recorder.only(t)
			if got := record.Attempts[1].Outcome; got != string(c.want) || answer.Provenance.Fallback != (c.want != Answered) {
				t.Errorf("the first source: %s, want %s", got, c.want)
			}
			if answer.Provenance.Stale != c.stale || record.Stale != c.stale {
				t.Errorf("stale %v, recorded %v", answer.Provenance.Stale, record.Stale)
			}
		})
	}
}

func TestAllTooOld(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.first.asOf, b.second.asOf = now().Add(-2*time.Hour), now().Add(-3*time.Hour)
	answer, err := b.Query(t.Context(), query(t))
	if failure := b.refused(t, answer, err, TooOld); failure.Source != "first" {
		t.Errorf("told of %s", failure.Source)
	}
	if record := b.recorder.only(t); record.Disclosed != nil || record.Source != "" {
		t.Errorf("the record claims a disclosure: %+v", record)
	}
}
