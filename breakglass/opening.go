package breakglass

import (
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// State is where an opening stands.
type State string

// The states. Only an open one is good for anything.
const (
	Pending State = "pending" // waits for a second person
	Lapsed  State = "lapsed"  // nobody confirmed it in time
	Open    State = "open"
	Expired State = "expired"
	Closed  State = "closed" // by somebody, before its time was over
)

// Opening is one emergency access of one operator to one person's record. It holds no name and no number.
type Opening struct {
	ID          string           `json:"id"` // of the signed order: the same order gives the same id
	Operator    string           `json:"operator"`
	Subject     string           `json:"subject"` // pseudonym
	Region      exchange.Region  `json:"region"`
	Reason      string           `json:"reason"`
	Reference   string           `json:"reference"` // number of the case or ticket
	LegalBasis  string           `json:"legalBasis"`
	Unit        string           `json:"unit"`
	Minutes     int              `json:"minutes"`
	Most        int              `json:"most"` // questions that it is good for
	Fields      []exchange.Field `json:"fields"`
	Asked       time.Time        `json:"asked"`
	ConfirmBy   time.Time        `json:"confirmBy,omitzero"` // zero: nobody need confirm it
	ConfirmedBy string           `json:"confirmedBy,omitempty"`
	Until       time.Time        `json:"until,omitzero"` // zero: it is not confirmed yet
	Closed      time.Time        `json:"closed,omitzero"`
	ClosedBy    string           `json:"closedBy,omitempty"`
	Queries     int              `json:"queries"` // asked so far
}

// StateAt says where the opening stands at a moment.
func (o *Opening) StateAt(now time.Time) State {
	switch {
	case !o.Closed.IsZero():
		return Closed
	case o.Until.IsZero() && now.Before(o.ConfirmBy):
		return Pending
	case o.Until.IsZero():
		return Lapsed
	case now.Before(o.Until):
		return Open
	}
	return Expired
}

// begin opens it from now on for its minutes.
func (o *Opening) begin(now time.Time) { o.Until = now.Add(time.Duration(o.Minutes) * time.Minute) }
