package batch

import (
	"cmp"
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// tell writes all that the platform has not been told of a partition, batch by batch.
func (d *Driver) tell(ctx context.Context, h *hold, partition int, due time.Time) error {
	for {
		w, err := d.collect(ctx, partition, &h.place)
		if err != nil || w.upTo == h.Revision {
			return err
		}
		if err := d.deliver(ctx, h, w, number(due, partition, h)); err != nil {
			return err
		}
		h.Revision, h.Planned = w.upTo, 0
		if err := h.keep(context.WithoutCancel(ctx)); err != nil { // what is done is done, also while stopping
			return err
		}
		d.count(w)
		if !w.full {
			return nil
		}
	}
}

// deliver tells of a window: when it returns without an error, every notice is committed and recorded, or parked. The window's end is
// kept before it is written: should the records fail, the same versions are told again, and no row stays without its record because a
// newer one has taken its place.
func (d *Driver) deliver(ctx context.Context, h *hold, w *window, number string) error {
	drafts, err := d.compose(ctx, w)
	if err != nil {
		return err
	}
	h.Planned = w.upTo
	if err := h.keep(ctx); err != nil {
		return err
	}
	written, err := d.write(ctx, number, drafts)
	if err != nil {
		return err
	}
	if err := h.keep(ctx); err != nil {
		return err
	}
	if err := d.record(ctx, w, drafts, written.Refused); err != nil {
		return err
	}
	return d.parkUnreadable(ctx, w)
}

// write writes what may be told.
func (d *Driver) write(ctx context.Context, number string, drafts []changefeed.Draft) (Written, error) {
	if len(drafts) == 0 {
		return Written{}, nil
	}
	notices := make([]exchange.Notice, len(drafts))
	for i := range drafts {
		notices[i] = drafts[i].Notice
	}
	written, err := d.cfg.Outbox.Write(ctx, number, notices)
	if err != nil {
		return written, notTaken{err}
	}
	d.cfg.Outlet.Succeeded(ctx)
	d.cfg.Observer.Batch(d.cfg.Platform, written)
	return written, nil
}

// How many things are done at a time: decisions take the processor, records wait for the disk and share its syncs.
const (
	deciding  = 2
	recording = 64
)

// compose drafts the notices and leaves out those that may tell nothing.
func (d *Driver) compose(ctx context.Context, w *window) ([]changefeed.Draft, error) {
	drafts := make([]changefeed.Draft, len(w.pending))
	err := each(ctx, deciding, w.pending, func(ctx context.Context, i int, p *pending) (err error) {
		drafts[i], err = d.cfg.Outlet.Compose(ctx, p.change, p.newest)
		return err
	})
	visible := drafts[:0]
	for i := range drafts {
		if len(drafts[i].Events) > 0 {
			visible = append(visible, drafts[i])
		}
	}
	w.outcomes[changefeed.OutcomeInvisible] += len(drafts) - len(visible)
	return visible, err
}

// record makes durable what the platform has, and parks what it refused.
func (d *Driver) record(ctx context.Context, w *window, drafts []changefeed.Draft, refused []Refused) error {
	reasons := map[string]*Refused{} // by licence: a batch holds one notice of each
	for i := range refused {
		reasons[refused[i].Licence] = &refused[i]
	}
	w.outcomes[changefeed.OutcomeDelivered] += len(drafts) - len(reasons)
	return each(ctx, recording, drafts, func(ctx context.Context, _ int, draft changefeed.Draft) error {
		reason := reasons[draft.Licence]
		if reason == nil {
			return d.cfg.Outlet.Delivered(ctx, &draft)
		}
		_, err := d.cfg.Outlet.Refused(ctx, changefeed.Refusal{
			Licence: draft.Licence, Version: draft.Version, Revision: draft.Revision(), Code: exchange.SourceRefused, At: reason.At, Remark: reason.Remark,
		})
		return err
	})
}

// parkUnreadable keeps entries that don't open for an operator: nobody else will mend them, and those behind them must not wait.
func (d *Driver) parkUnreadable(ctx context.Context, w *window) error {
	for _, entry := range w.unreadable {
		_, err := d.cfg.Outlet.Refused(ctx, changefeed.Refusal{
			Licence: entry.Key, Version: uint64(entry.Revision), Revision: entry.Revision, Code: exchange.Internal, At: entry.StoredAt,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// count counts the entries of a window that is behind us. A batch's refused rows were counted as parked.
func (d *Driver) count(w *window) {
	for outcome, count := range w.outcomes {
		for range count {
			d.cfg.Outlet.Count(outcome)
		}
	}
}

// each does something to every item, some at a time, and stops at the first error.
func each[T any](ctx context.Context, atOnce int, items []T, do func(ctx context.Context, i int, item T) error) error {
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, item := range items {
		if within.Err() != nil {
			break
		}
		group.Go(func() error { return do(within, i, item) })
	}
	return cmp.Or(group.Wait(), ctx.Err()) // what was not begun is no success
}
