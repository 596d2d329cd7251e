package exchange

import (
	"slices"
	"time"
)

// Relation is by what right somebody asks in the subject's place; a key of the data file behalf.
type Relation string

// The relations of the contract.
const (
	Guardian Relation = "guardian" // 监护人 (民法典 arts. 27, 28 and 34; PIPL art. 31)
	Delegate Relation = "delegate" // 委托代理人 (民法典 arts. 161-173)
)

// Behalf says that somebody else asks in the subject's place. All of it is the platform's word under its signature, as the
// authentications are, which then are the agent's.
type Behalf struct {
	Relation Relation
	Agent    Agent
	Grant    Grant
}

// Agent is who asks in the subject's place.
type Agent struct {
	Name     string
	IDNumber IDNumber
}

// Grant is what the agent has to show for it: the proof of guardianship, or the delegation.
type Grant struct {
	ID          string // of the proof or the delegation, in the platform's files; no personal number
	From, Until time.Time
	Scope       *Scope // nil: none is stated
}

// Scope is what a grant covers, and nothing else.
type Scope struct {
	Purposes   []string    `json:"purposes,omitempty"`
	Operations []Operation `json:"operations,omitempty"`
	Fields     []Field     `json:"fields,omitempty"`
}

// BehalfFacts is what of a [Behalf] a decision may depend on: no name, no number, not even the grant's.
type BehalfFacts struct {
	Relation       Relation  `json:"relation"`
	AgentAge       int       `json:"agentAge"` // full years
	AgentIsSubject bool      `json:"agentIsSubject,omitempty"`
	From           time.Time `json:"from,omitzero"`  // the grant is in force from this moment; zero: not stated
	Until          time.Time `json:"until,omitzero"` // up to, and not at, this moment; zero: not stated
	Scope          *Scope    `json:"scope,omitempty"`
}

// BehalfRecord is what the record keeps of a [Behalf].
type BehalfRecord struct {
	BehalfFacts
	Agent string `json:"agent,omitempty"` // pseudonym, as subjects have them; empty: a request that was not understood
	Grant string `json:"grant,omitempty"` // its id
}

// behalfFacts gives what a decision may depend on, nil if the subject asks for himself.
func (q *Query) behalfFacts() *BehalfFacts {
	b := q.Behalf
	if b == nil {
		return nil
	}
	return &BehalfFacts{
		Relation: b.Relation, AgentAge: b.Agent.IDNumber.BirthDate().FullYears(Today(q.Received)),
		AgentIsSubject: b.Agent.IDNumber == q.Subject.IDNumber && !b.Agent.IDNumber.IsZero(), From: b.Grant.From, Until: b.Grant.Until, Scope: b.Grant.Scope.clone(),
	}
}

func (q *Query) behalfRecord(pseudonyms Pseudonyms) *BehalfRecord {
	facts := q.behalfFacts()
	if facts == nil {
		return nil
	}
	kept := &BehalfRecord{BehalfFacts: *facts, Grant: q.Behalf.Grant.ID}
	if number := q.Behalf.Agent.IDNumber; !number.IsZero() {
		kept.Agent = pseudonyms.Pseudonym(number)
	}
	return kept
}

func (s *Scope) clone() *Scope {
	if s == nil {
		return nil
	}
	return &Scope{slices.Clone(s.Purposes), slices.Clone(s.Operations), slices.Clone(s.Fields)}
}
