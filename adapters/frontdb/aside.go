package frontdb

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// setAside copies the rows of these ids into the error table, with the reasons. A row that comes again is there already, unless it
// was written anew since. The values don't travel.
func (d *Database) setAside(ctx context.Context, broken map[int64]error) error {
	if len(broken) == 0 {
		return nil
	}
	ctx, cancel := d.bounded(ctx)
	defer cancel()
	statement := d.asideStatement()
	var queue pgx.Batch
	for id, reason := range broken {
		queue.Queue(statement, id, strconv.FormatInt(id, 10), reason.Error(), byReceiver)
	}
	return failure(ctx, d.id, pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if err := lock(ctx, tx, d.read.schema, d.read.name+"_error"); err != nil {
			return err
		}
		return tx.SendBatch(ctx, &queue).Close()
	}))
}

func (d *Database) asideStatement() string {
	return "INSERT INTO " + d.read.errors() + " (id, " + strings.Join(columnNames[:], ", ") + ", error_remark, error_by) SELECT $2::text, " + rowTexts() +
		", $3::text, $4::varchar FROM " + d.read.main() + " r WHERE r.id = $1 AND NOT EXISTS (SELECT 1 FROM " + d.read.errors() +
		" e WHERE e.id = $2::text AND e.cd_time = r.cd_time::text AND e.error_by = $4::varchar)"
}
