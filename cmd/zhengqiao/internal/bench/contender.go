package bench

import (
	"context"
	"errors"
	"time"
)

// contender is one mode with the process that plays it.
type contender struct {
	*bench
	mode      Mode
	gateway   *child
	stocker   *stocker
	perSecond float64 // the rate that it showed last
}

// contender starts the process of a mode.
func (b *bench) contender(ctx context.Context, mode Mode) (*contender, error) {
	arguments := []string{"gateway", "--mode", string(mode), "--dir", b.dir, "--source", b.source}
	if mode == Whole && b.Profile != "" {
		arguments = append(arguments, "--profile", b.Profile)
	}
	gateway, err := spawn(ctx, b.Self, arguments...)
	if err != nil {
		return nil, err
	}
	stocker, err := newStocker(gateway.URL, b.body, b.key)
	if err != nil {
		return nil, errors.Join(err, gateway.stop())
	}
	return &contender{bench: b, mode: mode, gateway: gateway, stocker: stocker}, nil
}

// few requests warm a process up, and are enough where they may be sent again.
func (c *contender) few() int { return 64 * c.Connections }

// reusable says that a request may be sent again: nobody looks at its nonce.
func (c *contender) reusable() bool { return c.mode != Whole }

// warm warms the process up, which also tells its rate.
func (c *contender) warm(ctx context.Context) error {
	load, err := c.load(c.few())
	if err != nil {
		return err
	}
	got, err := load.closed(ctx, longest, false)
	if err != nil {
		return err
	}
	c.perSecond = got.perSecond()
	return nil
}

// headroom over the rate shown last: a warm process is faster, and the machine may have less else to do.
const headroom = 1.6

// fast has its turn at as many requests as it takes.
func (c *contender) fast(ctx context.Context, duration time.Duration) (outcome, usage, error) {
	requests := c.few()
	if !c.reusable() {
		requests = max(int(headroom*c.perSecond*duration.Seconds()), requests)
	}
	load, err := c.load(requests)
	if err != nil {
		return outcome{}, usage{}, err
	}
	got, spent, err := c.counted(load.stock, func() (outcome, error) { return load.closed(ctx, duration, c.reusable()) })
	if err == nil {
		c.perSecond = got.perSecond()
	}
	return got, spent, err
}

// atRate has its turn at the fixed rate.
func (c *contender) atRate(ctx context.Context, requests, rate int) (outcome, usage, error) {
	load, err := c.load(requests)
	if err != nil {
		return outcome{}, usage{}, err
	}
	return c.counted(load.stock, func() (outcome, error) { return load.paced(ctx, rate) })
}

// load signs requests and readies the load with them.
func (c *contender) load(requests int) (load, error) {
	made, err := c.stocker.stock(requests)
	if err != nil {
		return load{}, err
	}
	c.report.RequestBytes = len(made.request(nil, 0))
	return load{address: c.stocker.host, stock: made, connections: c.Connections}, nil
}

// counted does the work, gives what the gateway's process used meanwhile, and proves the sampled answers afterwards.
func (c *contender) counted(from *stock, work func() (outcome, error)) (got outcome, spent usage, err error) {
	before, err := c.gateway.ask(wordBegin)
	if err != nil {
		return got, spent, err
	}
	if got, err = work(); err != nil {
		return got, spent, err
	}
	if spent, err = c.gateway.ask(wordEnd); err != nil {
		return got, spent, err
	}
	spent = spent.since(before)
	if c.mode == Whole {
		got.verified, err = c.prover.all(from, got.samples)
	}
	return got, spent, err
}
