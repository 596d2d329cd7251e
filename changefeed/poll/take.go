package poll

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	// atOnce bounds the reports of one page that are under way together: they share the journal's syncs.
	atOnce = 16
	// ahead is how far a row may be dated ahead of the clock; the same that is allowed to every reporter.
	ahead = 180 * time.Second
)

// take reports the rows of a page. It returns nil when every row is durable, or is one that will never be; an error means that the
// page must be read again.
func (r *reading) take(ctx context.Context, rows []exchange.ChangedRow, now time.Time) error {
	var reports []*exchange.Report
	for i := range rows {
		report, outcome := r.reportOf(&rows[i], now)
		if report == nil {
			r.leave(ctx, &rows[i], outcome)
		} else if !r.taken.has(report.ID) {
			reports = append(reports, report)
		}
	}
	return r.giveAll(ctx, reports)
}

// leave counts a row that is not reported, once for each time that the source updates it.
func (r *reading) leave(ctx context.Context, row *exchange.ChangedRow, outcome string) {
	id := outcome + "/" + row.Place.String() + "/" + row.Place.Key
	if r.taken.has(id) {
		return
	}
	r.taken.add(id, row.Place.Moment)
	r.reported(ModeIncremental, outcome)
	if row.Broken != nil {
		r.Logger.WarnContext(ctx, "a changed row can't be read", slog.String("source", r.Source), slog.Any("error", row.Broken))
	}
}

// reportOf makes the report of a row, or says why there is none.
func (r *reading) reportOf(row *exchange.ChangedRow, now time.Time) (report *exchange.Report, outcome string) {
	if row.Broken != nil {
		return nil, OutcomeBroken
	}
	if row.Place.Moment.After(now.Add(ahead)) {
		return nil, OutcomeEarly
	}
	if !r.covers(row.Region) {
		return nil, OutcomeElsewhere
	}
	facts := r.narrowed(row.Facts)
	if len(facts.Said()) == 0 {
		return nil, OutcomeSilent
	}
	return r.report(row.Subject, row.Region, row.Place.Moment, facts), ""
}

// giveAll hands the reports in, several at once. Those that were taken are remembered also if another one failed.
func (r *reading) giveAll(ctx context.Context, reports []*exchange.Report) error {
	given := make([]bool, len(reports))
	group, groupContext := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, report := range reports {
		group.Go(func() error {
			if groupContext.Err() != nil {
				return groupContext.Err()
			}
			err := r.give(groupContext, ModeIncremental, report)
			given[i] = err == nil
			return err
		})
	}
	err := group.Wait()
	for i, report := range reports {
		if given[i] {
			r.taken.add(report.ID, report.Happened)
		}
	}
	return err
}
