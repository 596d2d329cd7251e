package frontdb

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Batch is what a platform is told at once. Its rows share cd_batch and cd_time.
type Batch struct {
	// Number is cd_batch: 1 to 64 letters, digits, dots, dashes and underscores. It tells batches apart for people; a number used
	// again adds to its batch.
	Number string
	// Notices are what it tells, at most [Database.Limit]. Several of one licence are written in the order of their versions.
	Notices []exchange.Notice
	// Again writes also the version that was written last, for a platform that refused it and will take it now.
	Again bool
}

// Result is what became of a batch.
type Result struct {
	Written int       // rows that are in the table now
	Known   int       // notices whose version, or a later one of the licence, was written before
	Refused []Refusal // rows that went to the error table; to repeat them is in vain
	Time    time.Time // cd_time of the rows
}

// WriteBatch writes the notices as rows, in one transaction: when it returns without an error, all that the result says is durable,
// and with an error nothing was written, except that a connection lost during the commit leaves that open. To repeat a batch is
// always safe: a version of a licence is written once, and never after a higher one, by however many gateways.
//
// A row that cannot be written, because a value doesn't fit or the database refuses it, goes to the error table and into the
// result, and the others are written. If the database refuses more than 100 rows, the batch fails with SourceInvalid: then
// it is not the rows. Other errors are as in [Open]; InvalidRequest is for a number or a count that isn't allowed.
func (d *Database) WriteBatch(ctx context.Context, batch Batch) (Result, error) {
	if !batchNumber().MatchString(batch.Number) {
		return Result{}, exchange.Errorf(exchange.InvalidRequest, "a batch number has 1 to 64 letters, digits, dots, dashes and underscores")
	}
	if len(batch.Notices) > d.config.BatchMax {
		return Result{}, exchange.Errorf(exchange.InvalidRequest, "a batch of %d notices is over batchMax, %d", len(batch.Notices), d.config.BatchMax)
	}
	ctx, cancel := d.bounded(ctx)
	defer cancel()
	if err := d.ready(ctx); err != nil {
		return Result{}, err
	}
	w := &writer{table: d.written, batch: batch.Number, again: batch.Again, clock: d.clock}
	// Each statement must see what was committed while this transaction waited for the lock, so its isolation is fixed.
	err := pgx.BeginTxFunc(ctx, d.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		return w.write(ctx, tx, d.lines(batch.Notices))
	})
	if err != nil {
		return Result{}, failure(ctx, d.id, err)
	}
	return w.result, nil
}

// Apply writes one notice as a batch of its own, for a platform that wants each change when it comes. cd_batch is the moment of
// writing. A refused row is the error SourceRefused; other errors are as in [Open].
func (d *Database) Apply(ctx context.Context, notice exchange.Notice) error {
	number := d.clock().In(exchange.Shanghai()).Format("20060102-150405.000")
	result, err := d.WriteBatch(ctx, Batch{Number: number, Notices: []exchange.Notice{notice}})
	if err == nil && len(result.Refused) > 0 {
		return result.Refused[0].Err()
	}
	return err
}

func batchNumber() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`) }

// lines makes the rows, each licence's by version: whoever reads them in order never goes back.
func (d *Database) lines(notices []exchange.Notice) []*line {
	lines := make([]*line, len(notices))
	for i := range notices {
		lines[i] = newLine(&notices[i], d.config.Identify)
	}
	slices.SortStableFunc(lines, func(a, b *line) int {
		return cmp.Or(cmp.Compare(a.licence, b.licence), cmp.Compare(a.version, b.version))
	})
	return lines
}
