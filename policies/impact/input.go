package impact

import (
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Input is one recorded decision: all that it may depend on, and what was decided. It holds no name and no personal number, as no
// decision's input does. What leads to a person is masked: the number of the matter, its name, and an operator who is a person.
type Input struct {
	ID              string                    `json:"id"` // of the decision
	At              time.Time                 `json:"at"`
	Operation       exchange.Operation        `json:"operation"`
	Platform        string                    `json:"platform"`
	Region          exchange.Region           `json:"region"`
	Purpose         exchange.Purpose          `json:"purpose,omitzero"`
	Authentications []exchange.Authentication `json:"authentications,omitempty"`
	Wanted          []exchange.Field          `json:"wanted,omitempty"` // empty: all of the operation
	MaxAge          *time.Duration            `json:"maxAge,omitempty"` // nanoseconds
	SubjectAge      int                       `json:"subjectAge,omitempty"`
	FileNumber      bool                      `json:"fileNumber,omitempty"`
	Vehicles        int                       `json:"vehicles,omitempty"`
	Behalf          *exchange.BehalfFacts     `json:"behalf,omitempty"`  // without the agent's pseudonym and the grant's number
	Aspects         []exchange.Aspect         `json:"aspects,omitempty"` // that were announced, of a report of a change
	Revision        string                    `json:"revision,omitempty"`
	Reasons         []string                  `json:"reasons,omitempty"` // codes of the refusal, as decided then; empty: allowed
	Rules           []string                  `json:"rules,omitempty"`   // that the decision named then
	Unkept          string                    `json:"unkept,omitempty"`  // why it can't be decided again; empty: it can
}

// Masked stands in for a text that was there and isn't told.
const Masked = "***"

// mask masks what somebody writes freely and may name a person. A text of blanks stays, since it counts as none, and so does an operator
// that is a word of the contract.
func mask(p *exchange.Purpose) {
	for _, text := range []*string{&p.Case, &p.MatterName, &p.Operator} {
		isWord := text == &p.Operator && slices.Contains(operatorWords(), *text)
		if strings.TrimSpace(*text) != "" && !isWord {
			*text = Masked
		}
	}
}

// operatorWords are the operators that are nobody's name: the citizen, and the gateway.
func operatorWords() []string { return []string{"self", "gateway"} }

// unkeptWanted is of notices recorded before their input was kept.
const unkeptWanted = "the fields that the notice was about were not recorded then"

// FromRecord takes the input out of a record. ok is false where no decision by policy was made, as of a request that could not be
// understood, or is not on record: a notice that a platform may see nothing of leaves none.
func FromRecord(r *exchange.Record) (in Input, ok bool) {
	in = Input{
		ID: r.ID, At: r.Time, Operation: r.Operation, Platform: r.Platform, Region: r.Region, Purpose: r.Purpose,
		Authentications: r.Authentications, Wanted: r.Wanted, MaxAge: r.MaxAge, SubjectAge: r.SubjectAge, FileNumber: r.FileNumber,
		Vehicles: r.Vehicles, Revision: r.Revision, Reasons: r.Reasons, Rules: r.Rules,
	}
	if r.Behalf != nil {
		in.Behalf = &r.Behalf.BehalfFacts
	}
	if r.Outcome == string(exchange.QuotaExceeded) { // policy had allowed it; the count had not
		in.Reasons = nil
	}
	mask(&in.Purpose)
	switch r.Operation {
	case exchange.ChangeReport:
		return in.announced(r)
	case exchange.ChangeDelivery:
		if len(r.Wanted) == 0 {
			in.Unkept = unkeptWanted
		}
	}
	return in, r.Revision != "" && len(exchange.Fields(r.Operation)) > 0
}

// announced reads a report of a change. Its record names aspects where others name fields, and the code of the policy's refusal.
func (in Input) announced(r *exchange.Record) (Input, bool) {
	for _, said := range r.Disclosed {
		in.Aspects = append(in.Aspects, exchange.Aspect(said))
	}
	decided := len(in.Aspects) > 0 && in.Region.Provincial() && r.Outcome != string(exchange.PolicyUnavailable) &&
		r.Outcome != string(exchange.InvalidRequest)
	return in, decided
}

// Announcement reports whether it was decided who may announce, and not who may see.
func (in *Input) Announcement() bool { return in.Operation == exchange.ChangeReport }

// Request gives the request as it was decided on.
func (in *Input) Request() exchange.DecisionRequest {
	return exchange.DecisionRequest{
		Now: in.At, Operation: in.Operation, Platform: in.Platform, Region: in.Region, Purpose: in.Purpose,
		Authentications: slices.Clone(in.Authentications), Wanted: slices.Clone(in.Wanted), MaxAge: in.MaxAge, SubjectAge: in.SubjectAge,
		FileNumber: in.FileNumber, Vehicles: in.Vehicles, Behalf: in.Behalf,
	}
}
