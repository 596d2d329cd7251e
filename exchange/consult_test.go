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
		MalformedJSON, InvalidRequest, BodyTooLarge, BodyIncomplete, UnsupportedMedia, EnvelopeInvalid, EnvelopeRequired, NotFound,
		MethodNotAllowed, SignatureMissing, SignatureInvalid, SignatureExpired, RequestReplayed, UnknownPlatform, PolicyRefused, PolicyUnavailable,
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

// Each operation keeps its source's code.
func TestFailureOfEachOperation(t *testing.T) {
	t.Parallel()
	for _, op := range []Operation{LicenceQuery, ViolationsQuery, PictureQuery} {
		b, q := newBench(), query(t)
		q.Operation, b.decider.decision, b.first.err = op, allow(op), &Error{Code: NoRecord}
		answer, err := b.Query(t.Context(), q)
		if failure := b.refused(t, answer, err, NoRecord); failure.Source != "first" {
			t.Errorf("%s: %v", op, failure)
		}
	}
}

// The first source is the one that counts: if nobody answers, its failure is told. What a later one says of the person stands.
func TestWhichFailureIsTold(t *testing.T) {
	t.Parallel()
	cases := []struct{ first, second, want Code }{
		{SourceDown, SourceInvalid, SourceDown},
		{SourceRefused, SourceDown, SourceRefused},
		{TooOld, SourceDown, TooOld},
		{SourceDown, NoRecord, SourceDown},
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
