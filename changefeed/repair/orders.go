package repair

import (
	"context"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Replay starts to tell again what a token holds, at most perSecond tries a second (0: 10). Errors: InvalidRequest for a token that is
// none, and those of every job: Overloaded, RecordNotDurable.
func (d *Desk) Replay(ctx context.Context, order Order, token string, perSecond float64) (Job, error) {
	return d.decide(ctx, order, Job{Kind: Replay, Token: token}, func(ctx context.Context, show func(changefeed.Progress)) (changefeed.Progress, error) {
		return d.cfg.Dispatcher.Replay(ctx, changefeed.ReplayOrder{Token: token, By: order.By, PerSecond: perSecond, Progress: show})
	})
}

// Skip starts to give up what a token holds. Errors as with [Desk.Replay].
func (d *Desk) Skip(ctx context.Context, order Order, token string) (Job, error) {
	return d.decide(ctx, order, Job{Kind: Skip, Token: token}, func(ctx context.Context, _ func(changefeed.Progress)) (changefeed.Progress, error) {
		return d.cfg.Dispatcher.Skip(ctx, token, order.By)
	})
}

// decide checks the token before the order is recorded, so that a slip of the pen is no order.
func (d *Desk) decide(ctx context.Context, order Order, wanted Job, do func(context.Context, func(changefeed.Progress)) (changefeed.Progress, error)) (Job, error) {
	meant, err := d.Meant(ctx, wanted.Token)
	if err != nil {
		return Job{}, err
	}
	wanted.Platform, wanted.Progress.Total = meant.Selection.Platform, meant.Count
	return d.start(ctx, order, wanted, func(ctx context.Context, j *job) error { return d.progressing(ctx, j, do) })
}

// progressing keeps a job's progress readable while something is done.
func (d *Desk) progressing(ctx context.Context, j *job, do func(context.Context, func(changefeed.Progress)) (changefeed.Progress, error)) error {
	last, err := do(ctx, func(p changefeed.Progress) { d.update(j, func() { j.Progress = p }) })
	d.update(j, func() { j.Progress = last })
	return err
}

// Compare starts to compare what a platform holds with what it should. Errors: NotFound for a platform that is no receiver,
// OperationNotOffered for one that can't say what it holds; those of every job.
func (d *Desk) Compare(ctx context.Context, order Order, platform string) (Job, error) {
	if err := d.mustKnow(platform); err != nil {
		return Job{}, err
	}
	if !d.cfg.Reconciler.Can(platform) {
		return Job{}, exchange.Errorf(exchange.OperationNotOffered, "%s can't say what it holds", platform)
	}
	return d.start(ctx, order, Job{Kind: Compare, Platform: platform}, func(ctx context.Context, j *job) error {
		report, err := d.cfg.Reconciler.Compare(ctx, platform, order.By.Operator, func(p reconcile.Progress) {
			d.update(j, func() { j.Comparison = p })
		})
		if err != nil {
			return err
		}
		d.update(j, func() { j.Report = report })
		d.keep(report)
		return nil
	})
}

// Repair starts to tell a platform again what a comparison found that it lacks, at most perSecond tries a second (0: 10). Errors:
// NotFound for a job that is no finished comparison; those of every job.
func (d *Desk) Repair(ctx context.Context, order Order, comparison string, perSecond float64) (Job, error) {
	found, err := d.Job(comparison)
	if err != nil {
		return Job{}, err
	}
	if found.Report == nil {
		return Job{}, exchange.Errorf(exchange.NotFound, "job %s is no comparison that is done", comparison)
	}
	licences, total := found.Report.Repairable()
	wanted := Job{Kind: Mend, Platform: found.Platform, Progress: changefeed.Progress{Total: total}}
	return d.start(ctx, order, wanted, func(ctx context.Context, j *job) error {
		return d.progressing(ctx, j, func(ctx context.Context, show func(changefeed.Progress)) (changefeed.Progress, error) {
			return d.cfg.Dispatcher.Retell(ctx, changefeed.RetellOrder{
				Platform: found.Platform, Licences: licences, Total: total, By: order.By, PerSecond: perSecond, Progress: show,
			})
		})
	})
}

// Stop ends a running job; what it has done stays done. A job that has ended stays as it is. Errors: NotFound, those of a record.
func (d *Desk) Stop(ctx context.Context, order Order, id string) (Job, error) {
	known, err := d.Job(id)
	if err != nil || known.State != Running {
		return known, err
	}
	if err := d.record(ctx, &order, OrderStop, known.Platform); err != nil {
		return Job{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.find(id)
	if j == nil {
		return known, nil
	}
	if j.State == Running {
		j.stopped = true
		j.cancel()
	}
	return j.Job, nil
}

// Switch turns a platform on or off. Errors: NotFound, those of a record, the journal's.
func (d *Desk) Switch(ctx context.Context, order Order, platform string, on bool) error {
	if err := d.mustKnow(platform); err != nil {
		return err
	}
	operation, turn := OrderDisable, d.cfg.Dispatcher.Disable
	if on {
		operation, turn = OrderEnable, d.cfg.Dispatcher.Enable
	}
	if err := d.record(ctx, &order, operation, platform); err != nil {
		return err
	}
	return turn(context.WithoutCancel(ctx), platform, order.By)
}

func (d *Desk) mustKnow(platform string) error {
	if d.cfg.Dispatcher.Knows(platform) {
		return nil
	}
	return exchange.Errorf(exchange.NotFound, "no receiving platform of this id")
}
