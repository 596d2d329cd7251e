package frontdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is the name of this dialect in a configuration.
const Kind = "frontdb"

// Database is one front-end database, open. It is safe for concurrent use, also by several gateways on the same tables.
type Database struct {
	id         string
	region     exchange.Region
	config     Config
	clock      func() time.Time
	pseudonyms exchange.Pseudonyms
	pool       *pgxpool.Pool
	written    table
	read       table
}

// Open connects and checks that the tables are at the version that this program works with. id names the platform in errors and
// as the reporter of what is read; region is the one of rows that name none. pseudonyms gives the licence keys of rows that
// are read.
//
// An error about the configuration names the setting that is wrong and repeats no secret. An error about the database is an
// [exchange.Error]: SourceDown (not reachable, or it is shutting down), SourceRefused (credentials or rights), SourceTimeout,
// SourceInvalid (other tables than expected). So are the errors of all methods.
func Open(ctx context.Context, id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps, pseudonyms exchange.Pseudonyms) (*Database, error) {
	config, err := read(decode)
	if err != nil {
		return nil, err
	}
	deps = deps.Filled()
	options, err := poolOptions(config, deps)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, options)
	if err != nil {
		return nil, failure(ctx, id, err)
	}
	d := &Database{id: id, region: region, config: config, clock: deps.Clock, pseudonyms: pseudonyms, pool: pool}
	d.written, d.read = config.Side.tables(config.Schema)
	ctx, cancel := d.bounded(ctx)
	defer cancel()
	if err := d.checkVersion(ctx); err != nil {
		pool.Close()
		return nil, err
	}
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

func read(decode outbound.Decode) (Config, error) {
	var config Config
	if err := decode(&config); err != nil {
		return Config{}, err
	}
	return config.filled(), config.Validate()
}

var (
	errDSN = errors.New("dsn: not a connection string")
	errTLS = errors.New("dsn: sslmode must settle whether TLS is used: disable, require, verify-ca or verify-full")
)

// poolOptions reads the connection string. The parser's own error would repeat pieces of it.
func poolOptions(config Config, deps outbound.Deps) (*pgxpool.Config, error) {
	dsn, err := deps.Secrets(config.DSN)
	if err != nil {
		return nil, fmt.Errorf("dsn: %w", err)
	}
	options, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, errDSN
	}
	if mixed(&options.ConnConfig.Config) {
		return nil, errTLS
	}
	options.MaxConns, options.MinConns, options.MinIdleConns = int32(config.Connections), 0, 0
	if options.ConnConfig.ConnectTimeout == 0 || options.ConnConfig.ConnectTimeout > config.Timeout {
		options.ConnConfig.ConnectTimeout = config.Timeout
	}
	parameters := options.ConnConfig.RuntimeParams
	parameters["application_name"] = "zhengqiao"
	parameters["statement_timeout"] = strconv.FormatInt(config.Timeout.Milliseconds(), 10)
	parameters["datestyle"] = "ISO, YMD" // dates are read as text
	return options, nil
}

// mixed reports whether a connection would be tried with TLS and, should that fail, without.
func mixed(config *pgconn.Config) bool {
	for _, fallback := range config.Fallbacks {
		if (fallback.TLSConfig == nil) != (config.TLSConfig == nil) {
			return true
		}
	}
	return false
}
