package frontdb

import (
	"context"
	"embed"
	"fmt"
	"hash/fnv"
	"io/fs"

	"github.com/jackc/pgx/v5"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
)

// migrations holds one file for each version of the tables, numbered from 0001. A file that was published is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

// Migration is what [Migrate] did: the version of the tables before and after, 0 for none.
type Migration struct {
	From, To int
}

// Migrate brings the tables to the version that this program works with, each step in a transaction of its own, and makes the
// schema if it is missing. Called again, or by several gateways at once, it does nothing more. It asks for the right to
// create tables, which the gateway's everyday account need not have: decode may give another DSN for this call. Only ctx bounds
// the time that it takes. The error is as in [Open].
func Migrate(ctx context.Context, id string, decode outbound.Decode, deps outbound.Deps) (Migration, error) {
	config, err := read(decode)
	if err != nil {
		return Migration{}, err
	}
	options, err := poolOptions(config, deps.Filled())
	if err != nil {
		return Migration{}, err
	}
	delete(options.ConnConfig.RuntimeParams, "statement_timeout") // a step on large tables takes its time
	conn, err := pgx.ConnectConfig(ctx, options.ConnConfig)
	if err != nil {
		return Migration{}, failure(ctx, id, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	steps, err := scripts()
	if err != nil {
		return Migration{}, err
	}
	done, err := migrate(ctx, conn, config.Schema, steps)
	return done, failure(ctx, id, err)
}

// scripts gives the migrations in order.
func scripts() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var all []string
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, string(text))
	}
	return all, nil
}

func migrate(ctx context.Context, conn *pgx.Conn, schema string, steps []string) (Migration, error) {
	var done Migration
	for first := true; ; first = false {
		from, to, err := step(ctx, conn, schema, steps)
		if err != nil {
			return done, err
		}
		if first {
			done.From = from
		}
		done.To = to
		if from == to {
			return done, nil
		}
	}
}

// step applies the next migration, if there is one, and gives the versions before and after.
func step(ctx context.Context, conn *pgx.Conn, schema string, steps []string) (from, to int, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if from, err = prepare(ctx, tx, schema); err != nil {
			return err
		}
		if to = max(from, min(from+1, len(steps))); from == to {
			return nil
		}
		if _, err := tx.Exec(ctx, steps[from]); err != nil { // without arguments, so that a script may hold several statements
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO "+versionTable+" VALUES ($1, now())", to)
		return err
	})
	return from, to, err
}

// prepare waits for other gateways' migrations, makes what the first one needs, and gives the version.
func prepare(ctx context.Context, tx pgx.Tx, schema string) (version int, err error) {
	if err := lock(ctx, tx, schema, versionTable); err != nil {
		return 0, err
	}
	var present bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)", schema).Scan(&present); err != nil {
		return 0, err
	}
	name := pgx.Identifier{schema}.Sanitize()
	setUp := "SET LOCAL search_path TO " + name + "; CREATE TABLE IF NOT EXISTS " + versionTable + " (version integer PRIMARY KEY, applied timestamptz NOT NULL)"
	if !present { // asked first: making one needs a right on the database, even where IF NOT EXISTS does nothing
		setUp = "CREATE SCHEMA " + name + "; " + setUp
	}
	if _, err := tx.Exec(ctx, setUp); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM "+versionTable).Scan(&version)
	return version, err
}

// lock makes gateways wait for each other until the transaction ends. It is our own lock, not one on the table, so the other
// side's programs are never held up.
func lock(ctx context.Context, tx pgx.Tx, schema, name string) error {
	key := fnv.New64a()
	_, _ = fmt.Fprintf(key, "zhengqiao/frontdb/%s/%s", schema, name)
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(key.Sum64()))
	return err
}
