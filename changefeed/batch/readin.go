package batch

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// readIn turns what the other side wrote into reports. A page's mark is kept once all of its reports are durable.
func (d *Driver) readIn(ctx context.Context, h *hold, _ time.Time) error {
	for page, err := range d.cfg.Inbox.Incoming(ctx, h.Mark) {
		if err != nil {
			return notTaken{err}
		}
		if err := d.report(ctx, page.Reports); err != nil {
			return err
		}
		d.cfg.Observer.Rows(d.cfg.Platform, RowBroken, page.Broken)
		h.Mark = page.Mark
		if err := h.keep(ctx); err != nil {
			return err
		}
	}
	return nil
}

// report hands in the reports of a page that were not handed in before, each licence's in their order. Its error is one of our own,
// and the page is to be read again.
func (d *Driver) report(ctx context.Context, reports []*exchange.Report) error {
	fresh := slices.DeleteFunc(slices.Clone(reports), func(r *exchange.Report) bool { return d.seen.has(r.ID) })
	byLicence := map[string][]*exchange.Report{}
	for _, report := range fresh {
		byLicence[report.Licence] = append(byLicence[report.Licence], report)
	}
	var r rejections
	err := each(ctx, recording, slices.Collect(maps.Values(byLicence)), func(ctx context.Context, _ int, list []*exchange.Report) error {
		for _, report := range list {
			if err := d.reportOne(ctx, report, &r); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && len(r.reasons) > 0 {
		err = d.cfg.Inbox.Reject(ctx, r.reasons)
	}
	if err != nil {
		return err
	}
	for _, report := range fresh {
		d.seen.add(report.ID)
	}
	d.cfg.Observer.Rows(d.cfg.Platform, RowReported, len(fresh)-len(r.reasons))
	d.cfg.Observer.Rows(d.cfg.Platform, RowRejected, len(r.reasons))
	return nil
}

// reportOne hands in one report. What became of it is on record; what can't have been kept for a reason that is the row's is told to
// the other side.
func (d *Driver) reportOne(ctx context.Context, report *exchange.Report, r *rejections) error {
	acceptance, err := d.cfg.Intake.Report(ctx, report)
	switch code := exchange.CodeOf(err); {
	case err == nil && acceptance.Outcome == exchange.ReportImpossible:
		r.add(report.ID, string(acceptance.Outcome))
	case err == nil:
	case ctx.Err() != nil || slices.Contains(passing(), code):
		return err
	default:
		r.add(report.ID, reason(err))
	}
	return nil
}

// passing are the failures that say nothing of the report.
func passing() []exchange.Code {
	return []exchange.Code{exchange.Overloaded, exchange.RecordNotDurable, exchange.PolicyUnavailable}
}

// reason gives the code of a refusal and what is behind it, in codes only: the other side reads it.
func reason(err error) string {
	text := string(exchange.CodeOf(err))
	if known, ok := errors.AsType[*exchange.Error](err); ok {
		for _, r := range known.Reasons {
			text += " " + r.Code
		}
		for _, p := range known.Pointers {
			text += " " + p.Pointer
		}
	}
	return text
}

// rejections collects the reports of a page that were not taken, by id.
type rejections struct {
	mu      sync.Mutex
	reasons map[string]string
}

func (r *rejections) add(id, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reasons == nil {
		r.reasons = map[string]string{}
	}
	r.reasons[id] = reason
}
