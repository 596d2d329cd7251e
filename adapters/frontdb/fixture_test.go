package frontdb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/pgtest"
)

// now is the moment of all tests, in the past of the database's own clock.
var now = time.Date(2026, 11, 20, 9, 0, 0, 0, exchange.Shanghai())

const idNumber = "11010519491231002X" // the standard's own example (GB 11643)

// stand is a schema of its own on the tests' PostgreSQL.
type stand struct {
	t      testing.TB
	dsn    string
	schema string
	admin  *pgx.Conn
	now    time.Time
}

// newStand makes a name for a schema; what is in it is removed with the test.
func newStand(t testing.TB) *stand {
	t.Helper()
	dsn, err := server.Address()
	if err != nil {
		t.Fatal(err)
	}
	if dsn == "" {
		t.Skip(pgtest.Missing)
	}
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := sha256.Sum256([]byte(t.Name()))
	s := &stand{t: t, dsn: dsn, schema: "t_" + hex.EncodeToString(name[:8]), admin: conn, now: now}
	s.exec("DROP SCHEMA IF EXISTS " + s.schema + " CASCADE") // of a run that was cut off
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if _, err := conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+s.schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		_ = conn.Close(ctx)
	})
	return s
}

// exec runs statements as the owner; {s} stands for the test's schema.
func (s *stand) exec(statement string, arguments ...any) {
	s.t.Helper()
	if _, err := s.admin.Exec(context.WithoutCancel(s.t.Context()), s.named(statement), arguments...); err != nil {
		s.t.Fatalf("%s: %v", statement, err)
	}
}

// rows gives what a query finds, each row as its texts joined by |.
func (s *stand) rows(query string, arguments ...any) []string {
	s.t.Helper()
	rows, err := s.admin.Query(s.t.Context(), s.named(query), arguments...)
	if err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return found
}

func (s *stand) count(query string) int {
	s.t.Helper()
	var count int
	if err := s.admin.QueryRow(s.t.Context(), s.named(query)).Scan(&count); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return count
}

func (s *stand) config() Config {
	return Config{DSN: "file:dsn", Schema: s.schema, Side: SideLocal, BatchMax: 20_000, Connections: 4}
}

func (s *stand) deps() outbound.Deps {
	return outbound.Deps{Clock: func() time.Time { return s.now }, Secrets: func(string) (string, error) { return s.dsn, nil }}
}

func (s *stand) migrate() Migration {
	s.t.Helper()
	done, err := Migrate(s.t.Context(), "front", decoded(s.config()), s.deps())
	if err != nil {
		s.t.Fatal(err)
	}
	return done
}

// open opens the migrated tables, as the settings say.
func (s *stand) open(settings func(*Config)) *Database {
	s.t.Helper()
	config := s.config()
	if settings != nil {
		settings(&config)
	}
	s.migrate()
	d, err := Open(s.t.Context(), "front", "310000", decoded(config), s.deps(), pseudonyms{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = d.Close() })
	return d
}

// write writes a batch that must not fail.
func (s *stand) write(d *Database, notices ...exchange.Notice) Result {
	s.t.Helper()
	result, err := d.WriteBatch(s.t.Context(), Batch{Number: "B-1", Notices: notices})
	if err != nil {
		s.t.Fatal(err)
	}
	return result
}

func decoded(config Config) outbound.Decode {
	return func(into any) error {
		*into.(*Config) = config
		return nil
	}
}

// pseudonyms is a stand-in that shows its input to nobody.
type pseudonyms struct{}

func (pseudonyms) Pseudonym(n exchange.IDNumber) string {
	sum := sha256.Sum256([]byte(n.Reveal()))
	return hex.EncodeToString(sum[:8])
}

func number(t testing.TB) exchange.IDNumber {
	t.Helper()
	parsed, err := exchange.ParseIDNumber(idNumber, now)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// notice tells of a licence that was replaced.
func notice(t testing.TB, licence string, version uint64) exchange.Notice {
	t.Helper()
	return exchange.Notice{
		Licence: licence, Version: version, Region: "310000", Happened: now.Add(-time.Hour), Origin: "suishenban", Via: []string{"gw-sh"},
		Subject: exchange.Subject{Name: "张三", IDNumber: number(t)},
		Events:  []exchange.Event{{Kind: exchange.StatusAdded, Letter: "B"}, {Kind: exchange.Replaced}},
		Fields: exchange.Disclosed{
			{Name: "classes", Value: []exchange.Class{"A2", "D"}},
			{Name: "status", Value: exchange.ParseStatus("BDJ").States()},
			{Name: "cardNumber", Value: "3100000000001"}, {Name: "issuedOn", Value: exchange.Date{Year: 2026, Month: 11, Day: 20}},
			{Name: "replacements", Value: 2}, {Name: "points", Value: 0},
		},
	}
}

// with gives the notice with another value of the field, or with the field added.
func with(n exchange.Notice, field exchange.DisclosedField) exchange.Notice {
	fields := exchange.Disclosed{field}
	for _, f := range n.Fields {
		if f.Name != field.Name {
			fields = append(fields, f)
		}
	}
	n.Fields = fields
	return n
}

func licences(t testing.TB, count int, version uint64) []exchange.Notice {
	t.Helper()
	notices := make([]exchange.Notice, count)
	for i := range notices {
		notices[i] = notice(t, fmt.Sprintf("licence-%05d", i), version)
	}
	return notices
}

// named puts the schema into a statement.
func (s *stand) named(statement string) string {
	return strings.ReplaceAll(statement, "{s}", s.schema)
}
