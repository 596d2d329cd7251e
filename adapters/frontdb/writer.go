package frontdb

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// maxIsolated bounds the search for rows that the database refuses: each costs about 28 attempts in a batch of 10,000.
const maxIsolated = 100

// writer writes one batch within a transaction.
type writer struct {
	table    table
	batch    string
	again    bool // the version in the table may be written once more
	clock    func() time.Time
	heads    map[string]uint64 // the highest version in the table, by licence; 0: none yet
	isolated int               // rows that the database refused
	result   Result
}

func (w *writer) write(ctx context.Context, tx pgx.Tx, lines []*line) error {
	if err := lock(ctx, tx, w.table.schema, w.table.name); err != nil {
		return err
	}
	w.result.Time = w.clock().Truncate(time.Microsecond) // what the column keeps; taken now, since the wait may have been long
	if err := w.readHeads(ctx, tx, lines); err != nil {
		return err
	}
	sound, broken := w.sort(lines)
	refused, err := w.land(ctx, tx, sound)
	if err == nil {
		err = w.writeHeads(ctx, tx)
	}
	if err == nil {
		err = w.refuse(ctx, tx, append(broken, refused...))
	}
	return err
}

// sort leaves out what is known and sets apart what cannot be written. It completes the rows.
func (w *writer) sort(lines []*line) (sound, broken []*line) {
	next := map[string]uint64{}
	for _, l := range lines {
		l.moment(cdTime, w.result.Time)
		l.text(cdBatch, w.batch)
		head := w.heads[l.licence]
		if w.again && head > 0 && l.version == head {
			head--
		}
		switch {
		case l.version <= max(head, next[l.licence]) && l.version != 0:
			w.result.Known++
		case l.flaw != nil:
			broken = append(broken, l)
		default:
			sound = append(sound, l)
			next[l.licence] = l.version
		}
	}
	return sound, broken
}

// land copies the rows into the table. Where the database refuses one it looks for it by halves, so that the others land.
func (w *writer) land(ctx context.Context, tx pgx.Tx, lines []*line) (refused []*line, err error) {
	if len(lines) == 0 {
		return nil, nil
	}
	err = pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error { return w.copy(ctx, savepoint, lines) })
	switch {
	case err == nil:
		w.landed(lines)
		return nil, nil
	case !ofRow(err):
		return nil, err
	case len(lines) == 1:
		return w.isolate(lines[0], err)
	}
	middle := len(lines) / 2
	left, err := w.land(ctx, tx, lines[:middle])
	if err != nil {
		return nil, err
	}
	right, err := w.land(ctx, tx, lines[middle:])
	return append(left, right...), err
}

func (w *writer) isolate(l *line, err error) ([]*line, error) {
	answer, _ := errors.AsType[*pgconn.PgError](err) // ofRow made sure
	if w.isolated++; w.isolated > maxIsolated {
		return nil, exchange.Errorf(exchange.SourceInvalid, "the database refuses row after row: %s", answered(answer))
	}
	l.flaw = errors.New(answered(answer))
	return []*line{l}, nil
}

func (w *writer) landed(lines []*line) {
	for _, l := range lines {
		w.heads[l.licence] = l.version
	}
	w.result.Written += len(lines)
}

// copy sends the rows. The first one that lands of a licence is an insert, each later one an update.
func (w *writer) copy(ctx context.Context, tx pgx.Tx, lines []*line) error {
	seen := map[string]bool{}
	_, err := tx.CopyFrom(ctx, w.table.identifier(w.table.name), columnNames[:], pgx.CopyFromSlice(len(lines), func(i int) ([]any, error) {
		l := lines[i]
		l.values[cdOperation] = "u"
		if w.heads[l.licence] == 0 && !seen[l.licence] {
			l.values[cdOperation] = "i"
		}
		seen[l.licence] = true
		return l.values[:], nil
	}))
	return err
}
