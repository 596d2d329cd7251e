package batch

import (
	"context"
	"errors"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// window is a piece of a partition: what its entries leave to be told, one notice per licence.
type window struct {
	upTo       journal.Revision // the entry seen last
	full       bool             // there is more behind it
	pending    []*pending       // in the order of their changes
	unreadable []journal.Entry  // without data
	outcomes   map[string]int   // of entries that need no notice

	byLicence map[string]*pending
}

// pending is what a licence's entries in the window come to: the first change that the platform doesn't know, and what stood at the
// end.
type pending struct{ change, newest *changefeed.Known }

// errFull ends a window.
var errFull = errors.New("the window is full")

// collect reads a window from a place on; one that may be written already is read to the same end.
func (d *Driver) collect(ctx context.Context, partition int, from *place) (*window, error) {
	w := &window{upTo: from.Revision, outcomes: map[string]int{}, byLicence: map[string]*pending{}}
	err := d.cfg.Ledger.ScanSince(ctx, partition, from.Revision, func(entry journal.Entry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if from.Planned > from.Revision && entry.Revision > from.Planned {
			return errFull
		}
		return d.visit(w, &entry)
	})
	if errors.Is(err, errFull) {
		w.full, err = true, nil
	}
	return w, err
}

func (d *Driver) visit(w *window, entry *journal.Entry) error {
	known, err := d.cfg.Book.Open(entry)
	if errors.Is(err, changefeed.ErrUnreadable) {
		entry.Data = nil
		w.unreadable = append(w.unreadable, *entry)
		w.upTo = entry.Revision
		return nil
	}
	if err != nil {
		return err
	}
	known.State.Says, known.State.Source = nil, nil // most of a state, and not needed any more
	p := w.byLicence[entry.Key]
	switch {
	case known.Outcome != exchange.ReportAccepted:
		w.outcomes[changefeed.OutcomeNothing]++
	case p != nil:
		p.newest = &known
		w.outcomes[changefeed.OutcomeOvertaken]++
	case d.cfg.Outlet.Echoes(&known):
		w.outcomes[changefeed.OutcomeEcho]++
	case len(w.pending) == d.cfg.Outbox.Limit():
		return errFull
	default:
		p = &pending{&known, &known}
		w.pending, w.byLicence[entry.Key] = append(w.pending, p), p
	}
	w.upTo = entry.Revision
	return nil
}
