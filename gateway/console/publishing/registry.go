package publishing

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Registry tells what is in force, and what was.
type Registry interface {
	Standing(context.Context) (Standing, error)
	// Matrix gives who sees what by the policies in force here.
	Matrix(context.Context) (Matrix, error)
	// Base gives what is in force as a bundle, to compare a candidate with.
	Base(context.Context) ([]byte, error)
}

// Tray keeps candidates, durably and for all nodes.
type Tray interface {
	Candidates(context.Context) ([]Candidate, error)
	// Candidate gives one and its bundle. Errors: [exchange.NotFound].
	Candidate(ctx context.Context, id string) (Candidate, []byte, error)
	Drop(ctx context.Context, id string) error
}

// Acts do what is ordered. What they refuse is a [*Refusal]; nothing has changed then.
type Acts interface {
	// Propose checks, tests and compares a draft, and replays recorded decisions; it gives the candidate's id.
	Propose(context.Context, Proposal) (id string, err error)
	// Take takes a signed bundle: of the candidate whose id is given, or, without one, of a candidate that was packed elsewhere. role is
	// what whoever brings it may sign as.
	Take(ctx context.Context, id string, role Role, bundle []byte) (Candidate, error)
	Effects
}

// Effects change what is in force.
type Effects interface {
	Publish(ctx context.Context, id string) error
	// Rollback takes a signed order to go one step back.
	Rollback(ctx context.Context, order []byte) error
}

// Role is what somebody signs as.
type Role string

// The roles.
const (
	Author   Role = "author"
	Approver Role = "approver"
)

// Refusal is why something was not done, for people.
type Refusal struct {
	Code   string
	Text   watch.Text
	Detail []string
}

// Error gives code and detail, for the log.
func (r *Refusal) Error() string {
	text := r.Code
	for _, line := range r.Detail {
		text += "; " + line
	}
	return text
}

// Standing is what is in force on all nodes.
type Standing struct {
	Signed    bool       // false: whoever writes into the policy folder decides, and nothing is published
	InForce   string     // revision on the node that answers
	Revisions []Revision // the newest first
	Nodes     []Node
	Undo      *Step    // one step back; nil: there is none
	Authors   []string // who may write policies
}

// State is where a revision stands.
type State string

// The states.
const (
	Active State = "active"
	Former State = "former" // in force before; steps back lead there
	Undone State = "undone" // taken back
)

// Revision is one publication, or, with number 0, the policies that the gateway starts with.
type Revision struct {
	Number   int
	State    State
	Revision string // "": that of the policies that the gateway starts with is not on the board
	Author   string
	Approved []string
	Since    time.Time
	Note     string
	Widens   bool     // somebody sees more by it, or may, than by what it followed
	Nodes    []string // that have it in force
	By, Why  string   // of a step back: who ordered it, and why
	ByAt     time.Time
}

// Node is what one node has in force.
type Node struct {
	Name, Revision string
	Since          time.Time
}

// Step is a step back, by the contents that an order must name.
type Step struct{ From, To, Revision string }

// Proposal is a draft on its way to become a candidate.
type Proposal struct {
	Author, Note, By string
	Draft            draft.Draft
}

// Candidate is a bundle that is not in force yet.
type Candidate struct {
	ID, Revision, Base string
	Author, Note       string
	Packed             time.Time
	By                 string // who put it here
	Tests              int
	Coverage           float64
	Widens             bool
	Gains              []string
	Changed            []string // files that differ from what is in force
	Signed             bool     // by its author
	Approved           []string
	Need               int // approvals
	Impact             *draft.Impact
}

// Ready reports whether the signatures are as many as needed by what the candidate says; whether they are enough the gateway judges itself.
func (c *Candidate) Ready() bool { return c.Signed && len(c.Approved) >= c.Need }

// Matrix is who sees what.
type Matrix struct {
	Revision string
	Levels   []string // of assurance, the lowest first
	Sections []Section
}

// Section is one platform's requests for one purpose; Region is own, other, or any for both.
type Section struct {
	Platform, Purpose, Operation, Region string
	Rows                                 []Row
}

// Row is one field: how it is shown at each level, clear, hidden or a mask.
type Row struct {
	Field exchange.Field
	Cells []string
}
