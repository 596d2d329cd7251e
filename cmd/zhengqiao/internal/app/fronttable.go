package app

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/frontdb"
	"github.com/zhengqiao/zhengqiao/changefeed/batch"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// frontTable is a front-end database as the batches know it: a [batch.Outbox] and a [batch.Inbox].
type frontTable struct {
	*frontdb.Database
	aspects []exchange.Aspect // what is taken of a row
}

// Write writes a batch.
func (t *frontTable) Write(ctx context.Context, number string, notices []exchange.Notice) (batch.Written, error) {
	result, err := t.WriteBatch(ctx, frontdb.Batch{Number: number, Notices: notices})
	written := batch.Written{Rows: result.Written, Known: result.Known}
	for _, r := range result.Refused {
		written.Refused = append(written.Refused, refused(r))
	}
	return written, err
}

// Apply serves replays and repairs: the platform is to have the row, though its version was written before and refused.
func (t *frontTable) Apply(ctx context.Context, notice exchange.Notice) error {
	number := "again-" + time.Now().In(exchange.Shanghai()).Format("20060102-150405.000")
	result, err := t.WriteBatch(ctx, frontdb.Batch{Number: number, Notices: []exchange.Notice{notice}, Again: true})
	if err == nil && len(result.Refused) > 0 {
		return result.Refused[0].Err()
	}
	return err
}

// Incoming gives the other side's rows as reports.
func (t *frontTable) Incoming(ctx context.Context, mark json.RawMessage) iter.Seq2[batch.Page, error] {
	return read(mark, func(after frontdb.Watermark) iter.Seq2[frontdb.Page, error] { return t.Database.Incoming(ctx, after) },
		func(page frontdb.Page) (batch.Page, error) {
			mark, err := json.Marshal(page.Watermark)
			return batch.Page{Reports: t.taken(page.Reports), Broken: page.Added, Mark: mark}, err
		})
}

// taken leaves of each report what is taken of a row, and passes over those that say none of it.
func (t *frontTable) taken(reports []*exchange.Report) []*exchange.Report {
	for _, report := range reports {
		report.Facts = report.Facts.Only(t.aspects)
	}
	return slices.DeleteFunc(reports, func(r *exchange.Report) bool { return len(r.Facts.Said()) == 0 })
}

// Refused gives what the other side refused.
func (t *frontTable) Refused(ctx context.Context, mark json.RawMessage) iter.Seq2[batch.RefusedPage, error] {
	return read(mark, func(after frontdb.Watermark) iter.Seq2[frontdb.RefusalPage, error] {
		return t.Database.Refused(ctx, after)
	},
		func(page frontdb.RefusalPage) (shown batch.RefusedPage, err error) {
			for _, r := range page.Refusals {
				shown.Refused = append(shown.Refused, refused(r))
			}
			shown.Mark, err = json.Marshal(page.Watermark)
			return shown, err
		})
}

func refused(r frontdb.Refusal) batch.Refused {
	return batch.Refused{Licence: r.Licence, Version: r.Version, At: r.Time, Remark: r.Remark}
}

// read reads pages from a mark on, which is the database's watermark as JSON.
func read[P, B any](mark json.RawMessage, pages func(frontdb.Watermark) iter.Seq2[P, error], turn func(P) (B, error)) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		var none B
		var after frontdb.Watermark
		if mark != nil {
			if err := json.Unmarshal(mark, &after); err != nil {
				yield(none, errors.New("the place in the front-end database is unreadable"))
				return
			}
		}
		for page, err := range pages(after) {
			turned := none
			if err == nil {
				turned, err = turn(page)
			}
			if !yield(turned, err) || err != nil {
				return
			}
		}
	}
}
