package frontdb

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// maxShown bounds what an error table keeps of one value.
const maxShown = 1000

// refuse puts the rows into the error table and into the result. A repeated batch finds its rows there already.
func (w *writer) refuse(ctx context.Context, tx pgx.Tx, lines []*line) error {
	if len(lines) == 0 {
		return nil
	}
	err := pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error { return w.queue(ctx, savepoint, lines, asText) })
	if ofRow(err) { // characters that the database's encoding lacks: the rows go without them
		err = pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error { return w.queue(ctx, savepoint, lines, asASCII) })
	}
	for _, l := range lines {
		w.result.Refused = append(w.result.Refused, Refusal{
			Licence: l.licence, Version: l.version, Batch: w.batch, Remark: l.flaw.Error(), Time: w.result.Time,
		})
	}
	return err
}

// queue sends all rows in one go.
func (w *writer) queue(ctx context.Context, tx pgx.Tx, lines []*line, text func(any) any) error {
	statement := w.refusalStatement()
	var queue pgx.Batch
	for _, l := range lines {
		arguments := make([]any, 0, columnCount+2)
		for _, value := range l.values {
			arguments = append(arguments, text(value))
		}
		// Never NULL, unlike the values: by them a row is found again.
		arguments[licenceKey], arguments[version] = text(l.licence), strconv.FormatUint(l.version, 10)
		queue.Queue(statement, append(arguments, l.flaw.Error(), bySender)...)
	}
	return tx.SendBatch(ctx, &queue).Close()
}

func (w *writer) refusalStatement() string {
	var places strings.Builder
	for c := range columnCount {
		places.WriteString("$" + strconv.Itoa(int(c)+1) + "::text, ")
	}
	remark, by := "$"+strconv.Itoa(int(columnCount)+1), "$"+strconv.Itoa(int(columnCount)+2)
	return "INSERT INTO " + w.table.errors() + " (" + strings.Join(columnNames[:], ", ") + ", error_remark, error_by) SELECT " +
		places.String() + remark + "::text, " + by + "::varchar WHERE NOT EXISTS (SELECT 1 FROM " + w.table.errors() +
		" WHERE licence_key = $1::text AND version = $2::text AND error_by = " + by + "::varchar)"
}

// asText gives a value as the error table keeps it.
func asText(value any) any {
	switch v := value.(type) {
	case string:
		return printable(v, maxShown)
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return v.Format("2006-01-02 15:04:05.999999")
	}
	return nil
}

// asASCII does the same for a database that knows nothing else.
func asASCII(value any) any {
	text, ok := asText(value).(string)
	if !ok {
		return nil
	}
	return strings.Map(func(char rune) rune {
		if char > '~' {
			return '?'
		}
		return char
	}, text)
}
