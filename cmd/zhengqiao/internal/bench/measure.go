package bench

import (
	"context"
	"fmt"
)

// measurement is one mode being measured.
type measurement struct {
	*bench
	mode    Mode
	gateway *child
	stocker *stocker
}

func (b *bench) measurement(mode Mode, gateway *child) (*measurement, error) {
	stocker, err := newStocker(gateway.URL, b.body, b.key)
	return &measurement{bench: b, mode: mode, gateway: gateway, stocker: stocker}, err
}

// both measures as fast as it goes and, where that says something, at the fixed rate.
func (m *measurement) both(ctx context.Context) error {
	if err := m.fast(ctx); err != nil {
		return err
	}
	if m.mode == Bare {
		return nil // nobody runs it; it is there to tell where the CPU goes
	}
	return m.atRate(ctx)
}

// reusable says that a request may be sent again: nobody looks at its nonce.
func (m *measurement) reusable() bool { return m.mode != Whole }

func (m *measurement) fast(ctx context.Context) error {
	m.Progress("%s: as fast as it goes", m.mode.title())
	requests, err := m.warm(ctx)
	if err != nil {
		return err
	}
	main, err := m.load(requests)
	if err != nil {
		return err
	}
	got, spent, err := m.counted(main.stock, func() (outcome, error) {
		return main.closed(ctx, m.Duration, m.reusable())
	})
	if err != nil {
		return err
	}
	m.report.Results = append(m.report.Results, Result{
		Mode: m.mode, Requests: len(got.took), PerSecond: got.perSecond(), CPU: spent.perRequest(got),
		P50: got.percentile(0.5).Microseconds(), P99: got.percentile(0.99).Microseconds(), PeakBytes: spent.PeakBytes,
		ReadyMillis: m.gateway.ready.Milliseconds(), Verified: got.verified,
	})
	return nil
}

// warm warms the process up and tells how many requests the measurement needs.
func (m *measurement) warm(ctx context.Context) (requests int, err error) {
	few := 64 * m.Connections
	load, err := m.load(few)
	if err != nil {
		return 0, err
	}
	got, err := load.closed(ctx, longest, false)
	if err != nil {
		return 0, fmt.Errorf("warm up: %w", err)
	}
	if m.reusable() {
		return few, nil
	}
	return max(int(headroom*got.perSecond()*m.Duration.Seconds()), few), nil
}

// headroom over the warm-up's rate: a warm process is faster.
const headroom = 1.6

func (m *measurement) atRate(ctx context.Context) error {
	m.Progress("%s: %d requests/s", m.mode.title(), m.Rate)
	main, err := m.load(max(int(m.Duration.Seconds()*float64(m.Rate)), 1))
	if err != nil {
		return err
	}
	got, spent, err := m.counted(main.stock, func() (outcome, error) { return main.paced(ctx, m.Rate) })
	if err != nil {
		return err
	}
	m.report.Paced = append(m.report.Paced, Paced{
		Mode: m.mode, Rate: m.Rate, Requests: len(got.took), CPU: spent.perRequest(got),
		P50: got.percentile(0.5).Microseconds(), P99: got.percentile(0.99).Microseconds(),
	})
	return nil
}

// load signs requests and readies the load with them.
func (m *measurement) load(requests int) (load, error) {
	made, err := m.stocker.stock(requests)
	if err != nil {
		return load{}, err
	}
	m.report.RequestBytes = len(made.request(nil, 0))
	return load{address: m.stocker.host, stock: made, connections: m.Connections}, nil
}

// counted does the work, gives what the gateway's process used meanwhile, and proves the sampled answers afterwards.
func (m *measurement) counted(from *stock, work func() (outcome, error)) (got outcome, spent usage, err error) {
	before, err := m.gateway.ask(wordBegin)
	if err != nil {
		return got, spent, err
	}
	if got, err = work(); err != nil {
		return got, spent, err
	}
	if spent, err = m.gateway.ask(wordEnd); err != nil {
		return got, spent, err
	}
	spent.CPUMicros -= before.CPUMicros
	if m.mode == Whole {
		got.verified, err = m.prover.all(from, got.samples)
	}
	return got, spent, err
}

func (u usage) perRequest(o outcome) float64 { return float64(u.CPUMicros) / float64(len(o.took)) }
