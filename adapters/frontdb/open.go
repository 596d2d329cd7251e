package frontdb

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is the name of this dialect in a configuration.
const Kind = "frontdb"

// Database is one front-end database. It is safe for concurrent use, also by several gateways on the same tables.
type Database struct {
	id         string
	region     exchange.Region
	config     Config
	clock      func() time.Time
	pseudonyms exchange.Pseudonyms
	pool       *pgxpool.Pool
	written    table
	read       table
	checked    atomic.Bool // the tables are of this program's version
}

var _ exchange.ChangeReceiver = (*Database)(nil)

// Open connects and checks that the tables are at the version that this program works with. id names the platform in errors and
// as the reporter of what is read; region is the one of rows that name none. pseudonyms gives the licence keys of rows that
// are read.
//
// An error about the configuration names the setting that is wrong and repeats no secret. An error about the database is an
// [exchange.Error]: SourceDown (not reachable, or it is shutting down), SourceRefused (credentials or rights), SourceTimeout,
// SourceInvalid (other tables than expected). So are the errors of all methods.
func Open(ctx context.Context, id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps, pseudonyms exchange.Pseudonyms) (*Database, error) {
	d, err := New(id, region, decode, deps, pseudonyms)
	if err != nil {
		return nil, err
	}
	ctx, cancel := d.bounded(ctx)
	defer cancel()
	if err := d.ready(ctx); err != nil {
		d.pool.Close()
		return nil, err
	}
	return d, nil
}

// OpenReceiver builds a receiver of this kind, which tells each change as it comes; it is an [outbound.ReceiverFactory]. It doesn't
// connect before the first notice, when it checks the tables as [Open] does: a database that is down holds up its own notices
// and not the gateway's start. It can't say what the platform holds, since the platform takes the rows away.
func OpenReceiver(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps) (*exchange.Receiver, error) {
	d, err := New(id, region, decode, deps, nil) // nothing is read
	if err != nil {
		return nil, err
	}
	return &exchange.Receiver{ID: id, Kind: Kind, Region: region, Changes: d, Close: d.Close}, nil
}

// New is [Open] without connecting: the tables are checked by the first call that needs them, so that a database that is down holds up
// its own rows and not the gateway's start.
func New(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps, pseudonyms exchange.Pseudonyms) (*Database, error) {
	config, err := read(decode)
	if err != nil {
		return nil, err
	}
	deps = deps.Filled()
	options, err := poolOptions(config, deps)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), options) // connects on demand only
	if err != nil {
		return nil, errDSN
	}
	d := &Database{id: id, region: region, config: config, clock: deps.Clock, pseudonyms: pseudonyms, pool: pool}
	d.written, d.read = config.Side.tables(config.Schema)
	return d, nil
}

// Close ends the connections once they are idle.
func (d *Database) Close() error {
	d.pool.Close()
	return nil
}

// Limit gives the number of notices that one batch may hold.
func (d *Database) Limit() int { return d.config.BatchMax }

// Due gives the first moment after the given one at which a batch is due.
func (d *Database) Due(after time.Time) time.Time { return d.config.Rhythm.Due(after) }

// bounded keeps a call from waiting for a server that went away without a word.
func (d *Database) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d.config.Timeout)
}
