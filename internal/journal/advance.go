package journal

import (
	"context"
	"fmt"
)

// Advance says that this entry and all of its partition after it, up to and with upTo, need no more work, and keeps the partition. It
// returns after that is durable: no opening of the cursor hands these entries out again. Partitions of one cursor that advance
// at the same time share a write. ErrLapsed: the partition was held too long and nothing was recorded. ErrUncertain: it may be
// recorded; Advance may be called again.
func (d *Delivery) Advance(ctx context.Context, upTo Revision) error {
	if err := d.check(); err != nil {
		return err
	}
	if upTo < d.Revision || !d.cursor.stream.owns(upTo) {
		return d.wrap("advance", fmt.Errorf("revision %d is none of those that are held", upTo))
	}
	if err := d.cursor.progress.put(ctx, d.Partition, done{epoch: d.cursor.epoch, upTo: upTo}); err != nil {
		return d.wrap("advance", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reached = max(d.reached, upTo)
	return nil
}

// Leave gives the partition up: whoever asks next gets the first entry that is not done. ErrLapsed: somebody else may have it already.
func (d *Delivery) Leave(ctx context.Context) error {
	d.mu.Lock()
	reached := d.reached
	d.mu.Unlock()
	switch {
	case reached == 0:
		return d.Retry(ctx, 0)
	case d.check() != nil:
		return d.check()
	}
	d.passOn(ctx, reached)
	return nil
}

// passOn lets the engine go on after what is done. Entries between this one and that place were never asked of the engine, which
// is told to begin anew behind them. Where it can't be, it hands them out once more, one by one, and they are recognised as done.
func (d *Delivery) passOn(ctx context.Context, reached Revision) {
	if reached == d.Revision || d.cursor.skipTo(ctx, reached) != nil {
		d.acknowledge()
		return
	}
	d.end()
}
