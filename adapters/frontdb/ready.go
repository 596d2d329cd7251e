package frontdb

import (
	"context"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// ready refuses tables that this program was not written for. Once they were found right it does nothing.
func (d *Database) ready(ctx context.Context) error {
	if d.checked.Load() {
		return nil
	}
	steps, err := scripts()
	if err != nil {
		return err
	}
	var version int
	err = d.pool.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM "+d.written.other(versionTable)).Scan(&version)
	switch {
	case sqlState(err) == undefinedTable || err == nil && version < len(steps):
		return exchange.Errorf(exchange.SourceInvalid, "the tables are at version %d of %d: migrate first", version, len(steps))
	case err != nil:
		return failure(ctx, d.id, err)
	case version > len(steps):
		return exchange.Errorf(exchange.SourceInvalid, "the tables are at version %d, newer than this program's %d", version, len(steps))
	}
	d.checked.Store(true)
	return nil
}
