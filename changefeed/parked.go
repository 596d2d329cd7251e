package changefeed

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Parked is a delivery that a platform refused for good. It holds no personal data: the licence is named by its key, and what was to
// be told is read from the licences' ledger again.
type Parked struct {
	Platform string           `json:"platform"`
	Licence  string           `json:"licence"`
	Version  uint64           `json:"version"`
	Revision journal.Revision `json:"revision"` // of the entry in the licences' ledger
	Reason   exchange.Code    `json:"reason"`
	Since    time.Time        `json:"since"`
	Attempts int              `json:"attempts"`
	History  []Failure        `json:"history"` // the latest, oldest first
	Fate     Fate             `json:"fate"`
	Operator string           `json:"operator,omitempty"` // who decided the fate
	Note     string           `json:"note,omitempty"`     // and why
	Decided  time.Time        `json:"decided,omitzero"`
	Sealed   []byte           `json:"sealed,omitempty"` // what the platform said of it, which may name a person; [Book.Remark] opens it

	at journal.Revision // of this form in the parking's ledger
}

// Failure is one attempt that failed.
type Failure struct {
	At   time.Time     `json:"at"`
	Code exchange.Code `json:"code"`
}

// Fate is what became of a parked delivery.
type Fate string

// The fates.
const (
	Waiting  Fate = "waiting"
	Replayed Fate = "replayed"
	Skipped  Fate = "skipped"
)

// keptFailures bounds a delivery's history: the count of attempts goes on.
const keptFailures = 10

func lately(history []Failure, more ...Failure) []Failure {
	all := slices.Concat(history, more)
	return all[max(0, len(all)-keptFailures):]
}

const parkedVersion = 1

type parkedForm struct {
	Form int `json:"v"`
	Parked
}

func (p *Parked) key() string { return fmt.Sprintf("%s-%s-%d", p.Platform, p.Licence, p.Version) }

func (p *Parked) encode() ([]byte, error) {
	data, err := json.Marshal(parkedForm{parkedVersion, *p})
	if err != nil {
		return nil, fmt.Errorf("encode a parked delivery: %w", err)
	}
	return data, nil
}

// decodeParked reads the stored form. Errors: [ErrUnreadable].
func decodeParked(entry *journal.Entry) (Parked, error) {
	var form parkedForm
	if err := json.Unmarshal(entry.Data, &form); err != nil {
		return Parked{}, fmt.Errorf("%w: parked delivery %d: %w", ErrUnreadable, entry.Revision, err)
	}
	p := form.Parked
	if form.Form != parkedVersion || p.key() != entry.Key {
		return Parked{}, fmt.Errorf("%w: parked delivery %d: version %d, or another key", ErrUnreadable, entry.Revision, form.Form)
	}
	p.at = entry.Revision
	return p, nil
}
