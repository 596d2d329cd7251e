package changefeed

import (
	"context"
	"log/slog"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Outlet is one platform for a driver that tells it in a way of its own, such as batches: what the platform may know, the evidence,
// the parking and the switch are the dispatcher's; when and how it is told is the driver's. It is safe for concurrent use.
type Outlet struct {
	cfg      *Config
	endpoint *endpoint
}

// Outlet gives a platform's, for which the endpoint should be Batched. Errors: NotFound.
func (d *Dispatcher) Outlet(platform string) (*Outlet, error) {
	e, err := d.endpoint(platform)
	if err != nil {
		return nil, err
	}
	return &Outlet{&d.cfg, e}, nil
}

// Platform gives its id.
func (o *Outlet) Platform() string { return o.endpoint.Platform }

// IsOn reports whether the platform is to be told anything, as it stands in the journal now.
func (o *Outlet) IsOn(ctx context.Context) (bool, error) {
	err := o.endpoint.health.load(ctx)
	health, _ := o.endpoint.health.now()
	return !health.Off, err
}

// Echoes reports whether the platform knows the change: it said so itself, or passed it on.
func (o *Outlet) Echoes(known *Known) bool { return o.endpoint.echoes(&known.State.Change) }

// Draft is a notice as policy lets the platform have it. Without events there is nothing that it may be told.
type Draft struct {
	exchange.Notice
	decision exchange.Decision
	change   *Known
}

// Revision gives the ledger's entry of the change.
func (d *Draft) Revision() journal.Revision { return d.change.Revision }

// Compose drafts the notice of what stands in newest, of a change and all that came after it. Both are entries of one licence, and
// newest is no older; neither needs to say what each reporter said. Errors: PolicyUnavailable.
func (o *Outlet) Compose(ctx context.Context, change, newest *Known) (Draft, error) {
	notice, decision, err := o.endpoint.lanes[change.partition].compose(ctx, change, newest, happened(change, newest))
	return Draft{notice, decision, change}, err
}

// Delivered makes durable that the platform has what was drafted. Errors: Overloaded, RecordNotDurable.
func (o *Outlet) Delivered(ctx context.Context, d *Draft) error {
	_, err := durable(ctx, o.cfg.Recorder, o.cfg.deliveryRecord(o.endpoint, d.change, &d.Notice, &d.decision))
	return err
}

// Succeeded notes that the platform takes what it is told.
func (o *Outlet) Succeeded(ctx context.Context) {
	if err := o.endpoint.health.succeeded(ctx); err != nil { // the next success writes it down
		o.cfg.Logger.WarnContext(ctx, "health of endpoint", slog.String("platform", o.Platform()), slog.Any("error", err))
	}
}

// Failed gives the time to wait after so many failures in a row, the first of them at the given time. When it has gone on for the
// whole of MaxAge, the platform is switched off and ops are told. Errors: the marks'.
func (o *Outlet) Failed(ctx context.Context, failure error, failures int, since time.Time) (time.Duration, error) {
	o.Count(string(exchange.CodeOf(failure)))
	wait := o.cfg.Patience.wait(failures, advice(failure), o.cfg.Random)
	health, _ := o.endpoint.health.now()
	if health.Since.After(since) {
		since = health.Since
	}
	if o.cfg.Clock().Sub(since) < o.cfg.Patience.MaxAge {
		return wait, nil
	}
	return wait, o.cfg.switchOff(ctx, o.endpoint, "nothing taken for "+o.cfg.Patience.MaxAge.String()+", lastly "+string(exchange.CodeOf(failure)))
}

// Count counts an entry's outcome for the platform.
func (o *Outlet) Count(outcome string) { o.cfg.observe(o.Platform(), outcome) }
