package bench

import (
	"errors"
	"slices"
	"time"
)

// outcome is what came back.
type outcome struct {
	elapsed  time.Duration
	took     []time.Duration // sorted
	samples  []sample
	verified int // of the samples
}

var errNothing = errors.New("no request was answered")

func gather(sessions []*session, elapsed time.Duration) (outcome, error) {
	all := outcome{elapsed: elapsed}
	for _, s := range sessions {
		all.took = append(all.took, s.took...)
		all.samples = append(all.samples, s.samples...)
	}
	if len(all.took) == 0 {
		return outcome{}, errNothing
	}
	slices.Sort(all.took)
	return all, nil
}

// add puts another outcome's figures to this one's; its samples have done their work.
func (o *outcome) add(other outcome) {
	o.elapsed += other.elapsed
	o.took = append(o.took, other.took...)
	slices.Sort(o.took)
	o.verified += other.verified
}

// percentile gives the time within which the given share of the requests, 0 to 1, was answered.
func (o outcome) percentile(share float64) time.Duration {
	return o.took[min(int(share*float64(len(o.took))), len(o.took)-1)]
}

// perSecond gives the rate.
func (o outcome) perSecond() float64 { return float64(len(o.took)) / o.elapsed.Seconds() }
