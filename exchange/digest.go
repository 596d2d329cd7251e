package exchange

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"time"
)

// digest tells two reports of one id apart by what they say: region, number, moment and facts, in one form whatever the time zone and the
// order of letters and classes. How a report came, and the name beside the number of its subject, may differ. It finds mistakes of reporters and is
// no security boundary: who reports is authenticated, and would only deceive itself.
func (r *Report) digest() uint64 {
	facts := r.Facts
	facts.Status = StatusSet(slices.Sorted(slices.Values(facts.Status.Letters())))
	facts.Classes = slices.Sorted(slices.Values(facts.Classes))
	said, err := json.Marshal(struct {
		Region   Region
		Sequence uint64
		Happened time.Time
		Facts    Facts
	}{r.Region, r.Sequence, r.Happened.UTC().Round(0), facts})
	if err != nil {
		said = []byte(err.Error()) // a year that RFC 3339 can't write: all such reports are alike
	}
	sum := fnv.New64a()
	sum.Write(said)
	return sum.Sum64()
}
