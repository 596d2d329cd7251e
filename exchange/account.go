package exchange

import "time"

// Account is what a platform is told of the decision on one of its requests: what was decided, by which rules, and what would have to
// be otherwise. It holds nothing of the person asked about.
type Account struct {
	ID        string
	At        time.Time
	Operation Operation
	Region    Region
	Purpose   string // code
	Outcome   string // of the request: "answered" or the code of its problem
	Allowed   bool   // by the policies; a source may have failed all the same
	Revision  string // of the policies that decided
	Assurance string // level that the authentications reached
	Reasons   []Reason
	Rules     []AccountRule
	Shown     []Field // as far as the source had them
	Masked    []Field // of those shown
	Withheld  []Withheld
	Ways      []Way
	WaysBy    string // revision of the policies in force, by which the ways were found
	Contact   Text   // whom to ask; empty: nobody is named
}

// AccountRule is a rule that a decision names.
type AccountRule struct {
	Name  string
	Title Text
}

// Way is one thing that, had it alone been otherwise, would have changed the decision. It was found by asking the policies in force.
type Way struct {
	Kind     WayKind
	Value    string // level, purpose, part of the purpose or legal basis; empty for the age of data
	Text     Text
	Allows   bool     // a refused request would be allowed
	Resolves []string // codes of reasons that would fall away
	Fields   []Field  // that would be shown besides
}

// WayKind is what would have to be otherwise.
type WayKind string

// The kinds of ways.
const (
	WayAssurance  WayKind = "assurance"   // authenticate in another way
	WayState      WayKind = "state"       // state a part of the purpose
	WayLegalBasis WayKind = "legal-basis" // name another, if it applies
	WayMaxAge     WayKind = "max-age"     // ask for no fresher data than the channel has
	WayPurpose    WayKind = "purpose"     // ask for another purpose, if it is the true one
)
