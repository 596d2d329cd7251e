package frontdb

import (
	"context"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// placed is a row that knows its place.
type placed interface{ at() Watermark }

// pass reads a table page by page, beginning an overlap before the watermark. read gives the rows after a place; turn makes a page
// of them and gives the watermark after it.
func pass[R placed, P any](d *Database, after Watermark, read func(Watermark) ([]R, error), turn func([]R, Watermark) (P, Watermark, error)) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		var page P
		place, mark := after.back(d.config.Overlap), after
		for {
			rows, err := read(place)
			if err == nil && len(rows) > 0 {
				page, mark, err = turn(rows, mark)
			}
			if err != nil {
				var none P
				yield(none, err)
				return
			}
			if len(rows) > 0 && !yield(page, nil) || len(rows) < d.config.BatchMax {
				return
			}
			place = rows[len(rows)-1].at()
		}
	}
}

// query reads a page of a table after the place. The statement takes time, id and number of rows.
func query[T any](ctx context.Context, d *Database, statement string, place Watermark, scan pgx.RowToFunc[T]) ([]T, error) {
	ctx, cancel := d.bounded(ctx)
	defer cancel()
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	rows, err := d.pool.Query(ctx, statement, place.Time.In(exchange.Shanghai()), place.ID, d.config.BatchMax)
	if err != nil {
		return nil, failure(ctx, d.id, err)
	}
	found, err := pgx.CollectRows(rows, scan)
	return found, failure(ctx, d.id, err)
}

// inChina gives the moment at which clocks in China show what the column says.
func inChina(wall time.Time) time.Time {
	year, month, day := wall.Date()
	hour, minute, second := wall.Clock()
	return time.Date(year, month, day, hour, minute, second, wall.Nanosecond(), exchange.Shanghai())
}
