package bench

import (
	"context"
	"fmt"
	"time"
)

// rounds is into how many turns each mode's measurement is cut. In each round every mode has its turn, so that what else the
// machine does meets all of them alike, and the ratios stand even where the figures don't.
const rounds = 5

// fast measures each mode as fast as it goes.
func (b *bench) fast(ctx context.Context, all []*contender) error {
	sums := make([]total, len(all))
	err := b.inTurns(all, sums, func(c *contender) (outcome, usage, error) { return c.fast(ctx, b.Duration/rounds) })
	if err != nil {
		return err
	}
	for i, c := range all {
		b.report.Results = append(b.report.Results, sums[i].result(c))
	}
	return nil
}

// atRate measures at the fixed rate those modes of which it says something: nobody runs a bare gateway.
func (b *bench) atRate(ctx context.Context, all []*contender) error {
	all = []*contender{all[0], all[len(all)-1]}
	sums := make([]total, len(all))
	requests := max(int(b.Duration.Seconds()*float64(b.Rate)/rounds), 1)
	err := b.inTurns(all, sums, func(c *contender) (outcome, usage, error) { return c.atRate(ctx, requests, b.Rate) })
	if err != nil {
		return err
	}
	for i, c := range all {
		b.report.Paced = append(b.report.Paced, sums[i].paced(c, b.Rate))
	}
	return nil
}

func (b *bench) inTurns(all []*contender, sums []total, turn func(*contender) (outcome, usage, error)) error {
	for round := range rounds {
		b.Progress("round %d of %d", round+1, rounds)
		for i, c := range all {
			got, spent, err := turn(c)
			if err != nil {
				return fmt.Errorf("%s: %w", c.mode.title(), err)
			}
			sums[i].add(got, spent)
		}
	}
	return nil
}

// total is what a mode's turns add up to.
type total struct {
	outcome
	usage
	cpu []float64 // µs per request in each round
}

func (t *total) add(got outcome, spent usage) {
	t.outcome.add(got)
	t.usage.add(spent)
	t.cpu = append(t.cpu, float64(spent.CPUMicros)/float64(len(got.took)))
}

func (t *total) perRequest(of int64) float64 { return float64(of) / float64(len(t.took)) }

func (t *total) result(c *contender) Result {
	return Result{
		Mode: c.mode, Requests: len(t.took), PerSecond: t.perSecond(), CPU: t.perRequest(t.CPUMicros), Rounds: t.cpu, Verified: t.verified,
		P50: micros(t.percentile(0.5)), P99: micros(t.percentile(0.99)), PeakBytes: t.PeakBytes, ReadyMillis: c.gateway.ready.Milliseconds(),
		AllocBytes: t.perRequest(t.AllocBytes), Allocs: t.perRequest(t.Allocs),
	}
}

func (t *total) paced(c *contender, rate int) Paced {
	return Paced{
		Mode: c.mode, Rate: rate, Requests: len(t.took), CPU: t.perRequest(t.CPUMicros), Verified: t.verified,
		P50: micros(t.percentile(0.5)), P99: micros(t.percentile(0.99)),
	}
}

func micros(d time.Duration) int64 { return d.Microseconds() }
