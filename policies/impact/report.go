package impact

import "time"

// Report says what a candidate would change. The same policies give no changes.
type Report struct {
	Baseline  string     `json:"baseline"`  // revision of the policies in force
	Candidate string     `json:"candidate"` // and of the others
	From      time.Time  `json:"from,omitzero"`
	Until     time.Time  `json:"until,omitzero"` // of the first and last decision
	Decisions int        `json:"decisions"`      // that were read
	Replayed  int        `json:"replayed"`       // of them
	Distinct  int        `json:"distinct"`       // that had to be decided; like ones are decided once
	Changed   int        `json:"changed"`        // of the replayed
	Unkept    []Unkept   `json:"unkept"`         // why others could not be replayed
	Unlike    Unlike     `json:"unlike"`
	Changes   []Change   `json:"changes"`
	Groups    []Affected `json:"groups"` // all platforms and purposes among the replayed
	Widens    bool       `json:"widens"` // somebody would see more
}

// Unkept is a reason why decisions could not be replayed.
type Unkept struct {
	Reason  string   `json:"reason"`
	Count   int      `json:"count"`
	Samples []string `json:"samples"`
}

// Unlike counts decisions that the record says were made by the baseline, which decides otherwise now. There should be none: they say
// that a decision depends on something that isn't kept.
type Unlike struct {
	Count   int      `json:"count"`
	Samples []string `json:"samples,omitempty"`
}

// Affected is one platform's requests for one purpose.
type Affected struct {
	Platform  string `json:"platform"`
	Purpose   string `json:"purpose,omitempty"`
	Decisions int    `json:"decisions"`
	Opened    int    `json:"opened"` // refused before, allowed by the candidate
	Closed    int    `json:"closed"` // the other way round
	Changed   int    `json:"changed"`
}

// Same reports whether it is proven that nothing changes for any decision that was read. Where none was read nothing is proven.
func (r *Report) Same() bool {
	return r.Decisions > 0 && r.Changed == 0 && len(r.Unkept) == 0 && r.Unlike.Count == 0
}

// samples is how many ids a report names for each of its lines.
const samples = 5

func sample(list []string, id string) []string {
	if len(list) < samples {
		list = append(list, id)
	}
	return list
}
