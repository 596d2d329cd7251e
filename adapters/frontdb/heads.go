package frontdb

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// readHeads reads what was written of these licences before.
func (w *writer) readHeads(ctx context.Context, tx pgx.Tx, lines []*line) error {
	w.heads = make(map[string]uint64, len(lines))
	var keys []string
	for _, l := range lines {
		if utf8.ValidString(l.licence) && !strings.ContainsRune(l.licence, 0) { // else the query itself would be refused
			keys = append(keys, l.licence)
		}
	}
	rows, err := tx.Query(ctx, "SELECT licence_key, version FROM "+w.table.other(writtenTable)+
		" WHERE table_name = $1 AND licence_key = ANY($2)", w.table.name, keys)
	if err != nil {
		return err
	}
	var licence string
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&licence, &version}, func() error {
		w.heads[licence] = uint64(version)
		return nil
	})
	return err
}

// writeHeads notes the versions that are in the table now. The lock makes delete and insert one step; without it, the primary key
// would still let only one of two writers through.
func (w *writer) writeHeads(ctx context.Context, tx pgx.Tx) error {
	keys, rows := make([]string, 0, len(w.heads)), make([][]any, 0, len(w.heads))
	for licence, version := range w.heads {
		keys = append(keys, licence)
		rows = append(rows, []any{w.table.name, licence, int64(version)})
	}
	if len(keys) == 0 || w.result.Written == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, "DELETE FROM "+w.table.other(writtenTable)+" WHERE table_name = $1 AND licence_key = ANY($2)", w.table.name, keys)
	if err == nil {
		_, err = tx.CopyFrom(ctx, w.table.identifier(writtenTable), []string{"table_name", "licence_key", "version"}, pgx.CopyFromRows(rows))
	}
	return err
}
