package batch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// readBack parks what the other side has refused of our rows. A page's mark is kept once all of it is parked.
func (d *Driver) readBack(ctx context.Context, h *hold, _ time.Time) error {
	for page, err := range d.cfg.Inbox.Refused(ctx, h.Mark) {
		if err != nil {
			return notTaken{err}
		}
		for i := range page.Refused {
			if err := d.parkRefused(ctx, &page.Refused[i]); err != nil {
				return err
			}
		}
		h.Mark = page.Mark
		if err := h.keep(ctx); err != nil {
			return err
		}
	}
	return nil
}

// parkRefused parks one refusal. Nothing that it says is logged: it is the other side's text.
func (d *Driver) parkRefused(ctx context.Context, r *Refused) error {
	name := fmt.Sprintf("refused/%s/%d/%d", r.Licence, r.Version, r.At.UnixMicro())
	if d.seen.has(name) {
		return nil
	}
	parked, err := d.cfg.Outlet.Refused(ctx, changefeed.Refusal{
		Licence: r.Licence, Version: r.Version, Code: exchange.SourceRefused, At: r.At, Remark: r.Remark,
	})
	stray := errors.Is(err, changefeed.ErrNeverTold) || errors.Is(err, changefeed.ErrUnreadable)
	if err != nil && !stray {
		return err
	}
	d.seen.add(name)
	switch {
	case stray:
		d.cfg.Logger.WarnContext(ctx, "a row was refused that was never told", slog.String("platform", d.cfg.Platform), slog.Time("refused", r.At))
		d.cfg.Observer.Rows(d.cfg.Platform, RowStray, 1)
	case parked:
		d.cfg.Observer.Rows(d.cfg.Platform, RowRefused, 1)
	}
	return nil
}
