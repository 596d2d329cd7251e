package changefeed

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Config is what a [Dispatcher] works with. All members but Patience, Alert, Observe and Trace must be set.
type Config struct {
	Book       *Book
	Cursors    Cursors
	Partitions int // of the licences' ledger
	Endpoints  []Endpoint
	Decider    exchange.Decider
	Recorder   exchange.Recorder
	Parking    *Parking
	Marks      Marks // for the endpoints' health
	Gateway    string
	Patience   Patience
	Clock      func() time.Time
	Random     func(limit time.Duration) time.Duration // evenly from 0 to below limit
	Logger     *slog.Logger
	Alert      func(platform, reason string)  // an endpoint was switched off, and ops must know; nil: the log only
	Observe    func(platform, outcome string) // one of the Outcome constants or an error code; nil: nobody counts
	// Trace follows the telling of a platform for distributed traces; nil: nobody does. reported is the traceparent that the change
	// brought.
	Trace func(ctx context.Context, platform, reported string) (_ context.Context, end func(outcome string, failed bool))
}

// The outcomes of an entry for one platform, next to the error codes of those that failed.
const (
	OutcomeDelivered = "delivered"
	OutcomeNothing   = "no-new-version"  // the entry keeps a word that changed nothing
	OutcomeEcho      = "echo"            // the platform said so itself, or it has passed it
	OutcomeOvertaken = "overtaken"       // the platform has a newer version
	OutcomeInvisible = "nothing-visible" // policy lets the platform see none of it
	OutcomeParked    = "parked"
)

// Dispatcher tells the receiving platforms of changes: one lane per platform and partition, each on a durable cursor of its own, so
// that a platform that is down holds up nobody else. It is safe for concurrent use.
type Dispatcher struct {
	cfg    Config
	roster roster
}

// endpoint is an Endpoint with its switch and its lanes.
type endpoint struct {
	Endpoint
	health  *healthSwitch
	lanes   []*lane
	telling *turns // one notice of a licence at a time, replays included, so that a version is not overtaken on its way
	traffic *traffic
	pace    pace
	slots   *slots // notices under way at once
	stop    func() // ends its lanes; nil: they don't run
	running sync.WaitGroup
}

// NewDispatcher checks the configuration and prepares the lanes; Run starts them.
func NewDispatcher(cfg Config) (*Dispatcher, error) {
	cfg.Patience = cfg.Patience.withDefaults()
	d := &Dispatcher{cfg: cfg, roster: roster{endpoints: map[string]*endpoint{}, telling: map[string]*turns{}, traffic: &traffic{}}}
	for _, configured := range cfg.Endpoints {
		if err := d.Add(configured); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Run tells the platforms until ctx ends, and returns when nothing is under way any more. A notice that was under way is given
// back and comes again.
func (d *Dispatcher) Run(ctx context.Context) { d.roster.run(ctx) }

// Action is an operator's doing.
type Action struct {
	Operator string
	Reason   string
}

func (a Action) check() error {
	if a.Operator == "" || a.Reason == "" {
		return &exchange.Error{Code: exchange.InvalidRequest, Err: fmt.Errorf("an operator and a reason are needed")}
	}
	return nil
}

// Enable switches an endpoint on again; what waited is delivered at once, also what waited for another attempt while it was on. Errors: NotFound, InvalidRequest, the marks'.
func (d *Dispatcher) Enable(ctx context.Context, platform string, by Action) error {
	return d.turn(ctx, platform, false, by)
}

// Disable switches an endpoint off; changes wait for it.
func (d *Dispatcher) Disable(ctx context.Context, platform string, by Action) error {
	return d.turn(ctx, platform, true, by)
}

func (d *Dispatcher) turn(ctx context.Context, platform string, off bool, by Action) error {
	e, err := d.endpoint(platform)
	if err != nil {
		return err
	}
	if err := by.check(); err != nil {
		return err
	}
	if _, err := e.health.turn(ctx, off, by); err != nil {
		return err
	}
	operation := changeEnable
	if off {
		operation = changeDisable
	}
	return d.cfg.recordAction(ctx, operation, &Parked{Platform: platform}, by, string(exchange.Answered))
}

func (d *Dispatcher) endpoint(platform string) (*endpoint, error) {
	e := d.roster.find(platform)
	if e == nil {
		return nil, exchange.Errorf(exchange.NotFound, "no endpoint %q", platform)
	}
	return e, nil
}

func (c *Config) observe(platform, outcome string) {
	if c.Observe != nil {
		c.Observe(platform, outcome)
	}
}
