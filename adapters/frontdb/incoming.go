package frontdb

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Page is some of the rows that the other side wrote.
type Page struct {
	// Reports are the good rows, in the order of the table. Their Rank is not settled here.
	Reports []*exchange.Report
	// Broken counts the rows that are in the error table now, and Added those of them that weren't there before.
	Broken, Added int
	// Watermark is to be kept once the reports are durable.
	Watermark Watermark
}

// Incoming reads what the other side wrote since the watermark, page by page, beginning an overlap before it. So some rows come
// again: the same row has the same [exchange.Report.ID]. An error ends the sequence and is as in [Open]; pages that were given
// before stay good.
func (d *Database) Incoming(ctx context.Context, after Watermark) iter.Seq2[Page, error] {
	return pass(d, after,
		func(place Watermark) ([]foundRow, error) { return d.readRows(ctx, place) },
		func(rows []foundRow, mark Watermark) (Page, Watermark, error) {
			page, err := d.page(ctx, rows, mark)
			return page, page.Watermark, err
		})
}

// page turns rows into reports and puts the broken ones aside.
func (d *Database) page(ctx context.Context, rows []foundRow, mark Watermark) (Page, error) {
	reader := reportReader{d.id, d.read.name, d.region, d.pseudonyms, d.clock()}
	page := Page{Watermark: mark}
	broken := map[int64]string{}
	for _, row := range rows {
		page.Watermark = page.Watermark.raised(row.place, reader.now)
		report, err := reader.report(row)
		if err != nil {
			broken[row.place.ID] = err.Error()
			continue
		}
		page.Reports = append(page.Reports, report)
	}
	page.Broken = len(broken)
	var err error
	page.Added, err = d.setAside(ctx, broken)
	return page, err
}

// foundRow is a row as it was read: columns that are NULL are absent, every other one is its text.
type foundRow struct {
	place   Watermark
	columns map[string]string
}

func (r foundRow) at() Watermark { return r.place }

// readRows reads the rows after the place, in their order.
func (d *Database) readRows(ctx context.Context, place Watermark) ([]foundRow, error) {
	statement := "SELECT r.cd_time, r.id, " + rowTexts() + " FROM " + d.read.main() +
		" r WHERE (r.cd_time, r.id) > ($1, $2) ORDER BY r.cd_time, r.id LIMIT $3"
	return query(ctx, d, statement, place, scanRow)
}

// rowTexts selects the columns of a row r as texts.
func rowTexts() string { return "r." + strings.Join(columnNames[:], "::text, r.") + "::text" }

func scanRow(row pgx.CollectableRow) (foundRow, error) {
	var moment time.Time
	var texts [columnCount]*string
	found := foundRow{columns: make(map[string]string, columnCount)}
	targets := []any{&moment, &found.place.ID}
	for i := range texts {
		targets = append(targets, &texts[i])
	}
	err := row.Scan(targets...)
	found.place.Time = inChina(moment)
	for i, text := range texts {
		if text != nil {
			found.columns[columnNames[i]] = *text
		}
	}
	return found, err
}
