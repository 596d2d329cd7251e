package exchange

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Reason codes of policies that have a problem type of their own; any other refusal is [PolicyRefused].
const (
	ReasonFaceSimilarityLow  = "face_similarity_low"
	ReasonFreshnessBelowTier = "freshness_below_tier"
	ReasonUnknownPlatform    = "unknown_platform"
	ReasonNothingVisible     = "nothing_visible"
)

func undecided(err error) error {
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return Errorf(PolicyUnavailable, "decide: %w", err)
}

// permitted turns a refusal into its error. A decision that allows but grants nothing of what the operation can show is a
// refusal too: a source must not be asked for nothing.
func (d *Decision) permitted(op Operation) error {
	if d.Allow && d.grantsAny(op) {
		return nil
	}
	return &Error{Code: refusalCode(d.Reasons), Reasons: d.Reasons}
}

func (d *Decision) grantsAny(op Operation) bool {
	return slices.ContainsFunc(fieldsOf(op), func(field Field) bool { return d.Grants[field].Known() })
}

// refusalCode gives the code of a problem type of its own only if that problem is all that stands in the way: a caller who
// mends it must not find the next refusal behind it.
func refusalCode(reasons []Reason) Code {
	code := Code("")
	for _, reason := range reasons {
		own := ownCode(reason.Code)
		if own == "" {
			continue // a consequence of another reason
		}
		if code != "" && code != own {
			return PolicyRefused
		}
		code = own
	}
	if code == "" {
		return PolicyRefused
	}
	return code
}

func ownCode(reason string) Code {
	switch reason {
	case ReasonFaceSimilarityLow:
		return FaceSimilarityLow
	case ReasonFreshnessBelowTier:
		return TooOld
	case ReasonUnknownPlatform:
		return UnknownPlatform
	case ReasonNothingVisible:
		return ""
	}
	return PolicyRefused
}

// documentValid refuses an identity document that the caller itself says has expired (数据异常 cause 2). Its last day counts.
func (q *Query) documentValid() error {
	until := q.Subject.IDDocumentUntil
	if until.IsZero() || !until.Before(Today(q.Received)) {
		return nil
	}
	return &Error{Code: IDDocumentExpired}
}

func (q *Query) sourceRequest(d *Decision, now time.Time) SourceRequest {
	fields := make([]Field, 0, len(d.Grants))
	for _, field := range fieldsOf(q.Operation) {
		if d.Grants[field].Known() {
			fields = append(fields, field)
		}
	}
	return SourceRequest{
		QueryID: q.ID, Caller: q.Caller.Platform, Subject: q.Subject, Region: q.Region, Purpose: q.Purpose, Fields: fields,
		Vehicles: q.Vehicles, Violation: q.Violation, Now: now,
	}
}

// populationRegister names the register among a record's attempts and in its errors; it is no source of any route.
const populationRegister = "population"

// checkIdentity asks the population register where policy demands it. The register being down is a failure, never a pass.
func (b *Broker) checkIdentity(ctx context.Context, request SourceRequest, d *Decision, record *Record) error {
	if !d.CheckIdentity {
		return nil
	}
	if b.Identities == nil {
		return &Error{Code: OperationNotOffered, Err: errors.New("no population register is configured")}
	}
	start := b.Clock()
	verdict, err := b.Identities.Match(ctx, request)
	if err == nil {
		err = verdict.failure()
	}
	err = named(timedOut(ctx, err), populationRegister)
	b.attempted(ctx, record, Attempt{populationRegister, outcome(err), b.Clock().Sub(start).Microseconds()})
	return err
}

func (v IdentityVerdict) failure() error {
	switch v {
	case IdentityMatches:
		return nil
	case IdentityDiffers:
		return &Error{Code: IdentityMismatch}
	case IdentityNoRecord:
		return &Error{Code: IdentityUnknown}
	case IdentityIsDeceased:
		return &Error{Code: SubjectDeceased}
	}
	return Errorf(SourceInvalid, "the population register gave the unknown verdict %q", string(v))
}

func (b *Broker) attempted(ctx context.Context, record *Record, attempt Attempt) {
	record.Attempts = append(record.Attempts, attempt)
	if b.Observe != nil {
		b.Observe(ctx, attempt)
	}
}

func outcome(err error) string {
	if err == nil {
		return Answered
	}
	return string(CodeOf(err))
}
