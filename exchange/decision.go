package exchange

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Decider decides what a caller may see, before any source is asked. An error is a refusal.
type Decider interface {
	Decide(ctx context.Context, request DecisionRequest) (Decision, error)
}

// DecisionRequest is everything that a decision may depend on. It holds no name, no personal number and no clock: the moment
// comes in, so that each decision can be replayed.
type DecisionRequest struct {
	ID              string // of the decision, for whoever looks at decisions; policies don't see it. May be empty
	Now             time.Time
	Operation       Operation
	Platform        string
	Region          Region // province that keeps the licence
	Purpose         Purpose
	Authentications []Authentication
	Wanted          []Field
	MaxAge          *time.Duration
	SubjectAge      int          // full years, from the ID number
	FileNumber      bool         // the caller gave the file number
	Vehicles        int          // number of vehicles asked about
	Behalf          *BehalfFacts // somebody asks in the subject's place; nil: nobody does
}

// StaleAction is what to do with data older than the bound.
type StaleAction string

// The stale actions; anything else refuses.
const (
	StaleRefuse StaleAction = "refuse"
	StaleMark   StaleAction = "mark"
)

// Decision is the policy's word on one request.
type Decision struct {
	Revision      string // of the policy: hex SM3 of the bundle
	Allow         bool
	Reasons       []Reason // why it is refused
	Grants        map[Field]Mask
	Withheld      []Withheld
	AgeBound      time.Duration
	OnStale       StaleAction
	Freshness     string  // channel tier: realtime, daily, weekly
	Assurance     string  // level that the authentications reach: phone, account, sms, bankcard, face
	CheckIdentity bool    // ask the population register before the source
	Quotas        []Quota // of the platform for the purpose, to be counted by whoever asks the source
	Rules         []string
}

// About gives the fields that the decision is about, granted or withheld, sorted: those that were wanted.
func (d *Decision) About() []Field {
	fields := slices.Collect(maps.Keys(d.Grants))
	for _, withheld := range d.Withheld {
		fields = append(fields, withheld.Field)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// Withheld is a field that the caller does not get, and why.
type Withheld struct {
	Field Field  `json:"field"`
	Code  string `json:"code"`
	Rule  string `json:"rule"`
	Text  Text   `json:"text"`
}

// DecisionRef names a decision in an answer or a problem.
type DecisionRef struct {
	ID       string `json:"id"`
	Revision string `json:"revision"`
}

func (q *Query) decisionRequest() DecisionRequest {
	return DecisionRequest{
		ID: q.ID, Now: q.Received, Operation: q.Operation, Platform: q.Caller.Platform, Region: q.Region, Purpose: q.Purpose,
		Authentications: q.Authentications, Wanted: q.Wanted, MaxAge: q.MaxAge,
		SubjectAge: q.Subject.IDNumber.BirthDate().FullYears(Today(q.Received)),
		FileNumber: q.Subject.FileNumber != "", Vehicles: len(q.Vehicles), Behalf: q.behalfFacts(),
	}
}
