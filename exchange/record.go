package exchange

import (
	"context"
	"slices"
	"time"
)

// Recorder makes a record durable. It returns only when the record can no longer be lost; until then no answer leaves.
type Recorder interface {
	Record(ctx context.Context, record *Record) (Receipt, error)
}

// Encoder turns an answer into the bytes that the caller will get, without the receipt, so that the record can hold their
// digest.
type Encoder interface {
	EncodeAnswer(query *Query, answer *Answer) ([]byte, error)
}

// Pseudonyms gives the stand-in for a personal number: stable, keyed and not to be reversed (HMAC-SM3 with a secret pepper).
type Pseudonyms interface {
	Pseudonym(IDNumber) string
}

// Record is the durable trace of one query, refusal or failure. It holds no clear personal number: the subject is a pseudonym,
// the disclosed values are represented by the answer's digest, and the request as the caller signed it is sealed by the
// recorder. SignedBytes and Signature prove later that the caller asked; SignedBytes name the digest of Body.
type Record struct {
	ID              string           `json:"id"` // the query's and the decision's id
	Time            time.Time        `json:"time"`
	Operation       Operation        `json:"operation"`
	Platform        string           `json:"platform"`
	KeyID           string           `json:"keyId"`
	Region          Region           `json:"region,omitempty"`
	Subject         string           `json:"subject,omitempty"` // pseudonym
	Purpose         Purpose          `json:"purpose"`
	Authentications []Authentication `json:"authentications,omitempty"`
	Assurance       string           `json:"assurance,omitempty"`
	Wanted          []Field          `json:"wanted,omitempty"`     // with the four that follow: what else the decision read,
	MaxAge          *time.Duration   `json:"maxAge,omitempty"`     // so that it can be replayed; nanoseconds
	SubjectAge      int              `json:"subjectAge,omitempty"` // full years
	FileNumber      bool             `json:"fileNumber,omitempty"` // one was given
	Vehicles        int              `json:"vehicles,omitempty"`   // number asked about
	Opening         string           `json:"opening,omitempty"`    // the emergency access that it is about or was asked under
	Behalf          *BehalfRecord    `json:"behalf,omitempty"`     // who asked in the subject's place, and by what right
	Outcome         string           `json:"outcome"`              // "answered" or the error code
	Revision        string           `json:"revision,omitempty"`   // of the policy
	Reasons         []string         `json:"reasons,omitempty"`    // codes
	Rules           []string         `json:"rules,omitempty"`
	Disclosed       []Field          `json:"disclosed,omitempty"`
	Masked          []Field          `json:"masked,omitempty"`
	Withheld        []WithheldCode   `json:"withheld,omitempty"`
	Attempts        []Attempt        `json:"attempts,omitempty"`
	Source          string           `json:"source,omitempty"`
	AsOf            time.Time        `json:"asOf,omitzero"`
	Stale           bool             `json:"stale,omitempty"`
	AnswerDigest    string           `json:"answerDigest,omitempty"` // SM3 of the body without its receipt, hex
	Signature       []byte           `json:"signature,omitempty"`
	SignedBytes     []byte           `json:"-"` // the recorder seals both: what a caller put into its nonce or its body
	Body            []byte           `json:"-"` // may be a personal number
}

// WithheldCode is a withheld field with its reason code; the texts are the policy revision's.
type WithheldCode struct {
	Field Field  `json:"field"`
	Code  string `json:"code"`
}

// Attempt is one question to one source.
type Attempt struct {
	Source   string `json:"source"`
	Outcome  string `json:"outcome"`  // "answered" or the error code
	Duration int64  `json:"duration"` // microseconds
}

// Answered is the outcome of a query that was answered.
const Answered = "answered"

func (q *Query) record() *Record {
	return &Record{
		ID: q.ID, Time: q.Received.UTC(), Operation: q.Operation, Platform: q.Caller.Platform, KeyID: q.Caller.KeyID,
		Region: q.Region, Purpose: q.Purpose, Authentications: storable(q.Authentications), Outcome: Answered,
		Wanted: q.Wanted, MaxAge: q.MaxAge, SubjectAge: q.Subject.IDNumber.BirthDate().FullYears(Today(q.Received)),
		FileNumber: q.Subject.FileNumber != "", Vehicles: len(q.Vehicles), Opening: q.Opening, SignedBytes: q.Caller.SignedBytes, Signature: q.Caller.Signature, Body: q.Caller.Body,
	}
}

// storable gives the authentications with moments that any encoder takes: in UTC, and none outside of four-digit years.
func storable(list []Authentication) []Authentication {
	kept := slices.Clone(list)
	for i := range kept {
		at := kept[i].At.UTC()
		if at.Year() < 1 || at.Year() > 9999 {
			at = time.Time{}
		}
		kept[i].At = at
	}
	return kept
}

func (r *Record) decided(d *Decision) {
	r.Revision, r.Assurance, r.Rules = d.Revision, d.Assurance, d.Rules
	for _, reason := range d.Reasons {
		r.Reasons = append(r.Reasons, reason.Code)
	}
}

func (r *Record) answered(a *Answer, digest string) {
	r.Source, r.AsOf, r.Stale = a.Provenance.Source, a.Provenance.AsOf, a.Provenance.Stale
	r.AnswerDigest = digest
	r.Disclosed, r.Masked = a.Result.fields()
	for _, withheld := range a.Withheld {
		r.Withheld = append(r.Withheld, WithheldCode{withheld.Field, withheld.Code})
	}
}
