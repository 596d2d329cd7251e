package loadbench

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

// Run measures and leaves nothing behind. What is refused or fails is counted, and fails nothing.
func Run(ctx context.Context, o Options) (*Report, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	w, err := openWorld(ctx, o)
	if err != nil {
		return nil, err
	}
	m := &measure{Options: o, report: newReport(o)}
	defer m.close()
	err = m.hire(w)
	if err == nil {
		err = m.rounds(ctx)
	}
	if err = errors.Join(err, w.close()); err != nil {
		return nil, err
	}
	m.conclude()
	return m.report, nil
}

// measure is a run under way.
type measure struct {
	Options
	report *Report
	steady []*caller
	greedy *caller
	slow   *caller

	alone, beside, overdone, waited tally
}

// hire makes the callers.
func (m *measure) hire(w *world) (err error) {
	for _, role := range steadyOnes {
		steady, err := newCaller(w, role)
		if err != nil {
			return err
		}
		m.steady = append(m.steady, steady)
	}
	if m.greedy, err = newCaller(w, greedy); err != nil {
		return err
	}
	m.slow, err = newCaller(w, patient)
	return err
}

func (m *measure) close() {
	for _, c := range append(m.steady, m.greedy, m.slow) {
		if c != nil {
			c.close()
		}
	}
}

// rounds warms the gateway up and has the two measurements take turns.
func (m *measure) rounds(ctx context.Context) error {
	each := m.Duration / time.Duration(m.Rounds)
	m.Progress("warm up")
	if err := m.calm(ctx, time.Now().Add(ahead), each, &tally{}); err != nil {
		return err
	}
	for round := range m.Rounds {
		m.Progress("round %d of %d: two steady platforms alone, then beside a greedy one and a slow source", round+1, m.Rounds)
		if err := m.calm(ctx, time.Now().Add(ahead), each, &m.alone); err != nil {
			return err
		}
		if err := m.troubled(ctx, each, &m.beside, &m.overdone, &m.waited); err != nil {
			return err
		}
	}
	return nil
}

// calm has the steady platforms ask.
func (m *measure) calm(ctx context.Context, start time.Time, lasting time.Duration, into *tally) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, steady := range m.steady {
		group.Go(func() error { return steady.pace(ctx, start, m.Rate, lasting, into) })
	}
	return group.Wait()
}

// troubled has them ask while the other two do, which begin before them.
func (m *measure) troubled(ctx context.Context, lasting time.Duration, beside, overdone, waited *tally) error {
	start := time.Now().Add(ahead)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return m.greedy.pace(ctx, start, greed*m.Quota, lead+lasting, overdone) })
	group.Go(func() error { return m.slow.pace(ctx, start, m.Rate, lead+lasting, waited) })
	group.Go(func() error { return m.calm(ctx, start.Add(lead), lasting, beside) })
	return group.Wait()
}
