package frontdb

import (
	"context"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"
)

// RefusalPage is some of the rows that the other side refused.
type RefusalPage struct {
	Refusals []Refusal
	// Watermark is to be kept once the refusals were dealt with. It is another one than that of [Database.Incoming].
	Watermark Watermark
}

// Refused reads back what the other side put into the error table of the rows written here, page by page and with the overlap of
// [Database.Incoming], so some come again. What this side refused itself was in the result of its batch and is left out.
func (d *Database) Refused(ctx context.Context, after Watermark) iter.Seq2[RefusalPage, error] {
	return pass(d, after,
		func(place Watermark) ([]foundRefusal, error) { return d.readRefusals(ctx, place) },
		func(rows []foundRefusal, mark Watermark) (RefusalPage, Watermark, error) {
			page, now := RefusalPage{Watermark: mark}, d.clock()
			for _, row := range rows {
				page.Refusals = append(page.Refusals, row.refusal)
				page.Watermark = page.Watermark.raised(row.place, now)
			}
			return page, page.Watermark, nil
		})
}

type foundRefusal struct {
	place   Watermark
	refusal Refusal
}

func (r foundRefusal) at() Watermark { return r.place }

func (d *Database) readRefusals(ctx context.Context, place Watermark) ([]foundRefusal, error) {
	statement := "SELECT error_time, error_id, coalesce(licence_key, ''), coalesce(version, ''), coalesce(cd_batch, ''), coalesce(error_remark, '') FROM " +
		d.written.errors() + " WHERE error_by <> '" + bySender + "' AND (error_time, error_id) > ($1, $2) ORDER BY error_time, error_id LIMIT $3"
	return query(ctx, d, statement, place, scanRefusal)
}

func scanRefusal(row pgx.CollectableRow) (foundRefusal, error) {
	var moment time.Time
	var licence, version, batch, text string
	var found foundRefusal
	err := row.Scan(&moment, &found.place.ID, &licence, &version, &batch, &text)
	found.refusal.Licence, found.refusal.Batch = printable(licence, widths[licenceKey]), printable(batch, widths[cdBatch])
	found.place.Time = inChina(moment)
	found.refusal.Version, _ = readVersion(version) // the other side's text: no number is no version
	found.refusal.Remark, found.refusal.Time = remark(text), found.place.Time
	return found, err
}
