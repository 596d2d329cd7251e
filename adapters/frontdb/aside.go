package frontdb

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// setAside copies the rows of these ids into the error table, with the reasons, and gives the number of those that weren't there. A row
// that comes again is, unless it was written anew since. The values don't travel.
func (d *Database) setAside(ctx context.Context, broken map[int64]string) (added int, err error) {
	if len(broken) == 0 {
		return 0, nil
	}
	ctx, cancel := d.bounded(ctx)
	defer cancel()
	statement := d.asideStatement()
	var queue pgx.Batch
	for id, reason := range broken {
		queue.Queue(statement, id, strconv.FormatInt(id, 10), reason, byReceiver).Exec(func(done pgconn.CommandTag) error {
			added += int(done.RowsAffected())
			return nil
		})
	}
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if err := lock(ctx, tx, d.read.schema, d.read.name+"_error"); err != nil {
			return err
		}
		return tx.SendBatch(ctx, &queue).Close()
	})
	return added, failure(ctx, d.id, err)
}

// Reject puts rows that made good reports into the error table all the same, with the reason: the gateway may not take them. It names
// them by [exchange.Report.ID], and leaves out what is no id of this table's. Repeating it does nothing. The error is as in [Open].
func (d *Database) Reject(ctx context.Context, reasons map[string]string) error {
	rows := map[int64]string{}
	for id, reason := range reasons {
		if row, ok := rowOf(id, d.read.name); ok {
			rows[row] = reason
		}
	}
	_, err := d.setAside(ctx, rows)
	return err
}

// reportID names a row as it was at a time: one that is mended, with another cd_time, is another report.
func reportID(table string, at Watermark) string {
	return table + "/" + strconv.FormatInt(at.ID, 10) + "/" + strconv.FormatInt(at.Time.UnixMicro(), 10)
}

// rowOf gives the row's id of a report's.
func rowOf(report, table string) (int64, bool) {
	row, ours := strings.CutPrefix(report, table+"/")
	row, _, _ = strings.Cut(row, "/")
	id, err := strconv.ParseInt(row, 10, 64)
	return id, ours && err == nil
}

func (d *Database) asideStatement() string {
	return "INSERT INTO " + d.read.errors() + " (id, " + strings.Join(columnNames[:], ", ") + ", error_remark, error_by) SELECT $2::text, " + rowTexts() +
		", $3::text, $4::varchar FROM " + d.read.main() + " r WHERE r.id = $1 AND NOT EXISTS (SELECT 1 FROM " + d.read.errors() +
		" e WHERE e.id = $2::text AND e.cd_time = r.cd_time::text AND e.error_by = $4::varchar)"
}
