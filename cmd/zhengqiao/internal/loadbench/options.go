package loadbench

import (
	"errors"
	"time"
)

// Options say how to measure.
type Options struct {
	// Self is the command line that runs the gateway: program and first arguments, see [bench.StartGateway].
	Self []string
	// Dir is where a temporary folder for keys and the journal is made; empty: the system's.
	Dir string
	// Duration of the measurement alone, and of that beside the trouble, over all rounds; up to a minute, since what citizens prove about
	// themselves ages.
	Duration time.Duration
	// Rounds in which the two take turns, so that what else the machine does meets both.
	Rounds int
	// Rate of each steady platform, and of the one that asks the slow source, in requests/s.
	Rate int
	// Quota of the greedy platform in requests/s. It asks [greed] times as many.
	Quota int
	// Progress is told what goes on.
	Progress func(format string, args ...any)
}

const (
	greed     = 10              // times its quota
	slowness  = 2 * time.Second // of the slow source
	lead      = time.Second     // for which the trouble is there before anything is measured
	atMostFor = time.Minute
)

func (o Options) check() error {
	switch {
	case len(o.Self) == 0:
		return errors.New("no command line for the gateway")
	case o.Duration <= 0 || o.Duration > atMostFor:
		return errors.New("want a duration above 0 and up to 1m")
	case o.Rounds < 1 || o.Rounds > 20:
		return errors.New("want 1 to 20 rounds")
	case o.Rate < 1 || o.Rate > 1000 || o.Quota < 1 || o.Quota > 1000:
		return errors.New("want a rate and a quota of 1 to 1000 requests/s")
	}
	return nil
}
