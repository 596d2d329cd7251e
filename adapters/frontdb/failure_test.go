package frontdb

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// another gives the connection string with something changed.
func (s *stand) another(change func(*url.URL)) string {
	s.t.Helper()
	address, err := url.Parse(s.dsn)
	if err != nil || address.Host == "" {
		s.t.Skip("TEST_POSTGRES is no URL")
	}
	change(address)
	return address.String()
}

func TestFailuresToOpen(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.migrate()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	s.exec("CREATE ROLE {s} LOGIN PASSWORD 'x'")
	t.Cleanup(func() { s.exec("DROP ROLE {s}") })
	for name, c := range map[string]struct {
		change func(*url.URL)
		want   exchange.Code
		text   string
	}{
		"nobody listens":   {func(u *url.URL) { u.Host = closed.Addr().String() }, exchange.SourceDown, "connection refused"},
		"no answer":        {func(u *url.URL) { u.Host = silent.Addr().String() }, exchange.SourceTimeout, "no answer"},
		"no such host":     {func(u *url.URL) { u.Host = "db.invalid:5432" }, exchange.SourceDown, "host name"},
		"wrong password":   {func(u *url.URL) { u.User = url.UserPassword("zhengqiao", "s3cret") }, exchange.SourceRefused, "SQLSTATE 28P01"},
		"unknown database": {func(u *url.URL) { u.Path = "/nowhere" }, exchange.SourceRefused, "SQLSTATE 3D000"},
		"no rights":        {func(u *url.URL) { u.User = url.UserPassword(s.schema, "x") }, exchange.SourceRefused, "SQLSTATE 42501"},
	} {
		config, deps := s.config(), s.deps()
		if name == "no answer" {
			config.Timeout = 50 * time.Millisecond
		}
		address := s.another(c.change)
		deps.Secrets = func(string) (string, error) { return address, nil }
		_, err := Open(t.Context(), "front", "310000", decoded(config), deps, pseudonyms{})
		if exchange.CodeOf(err) != c.want || !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v, want %s with %s", name, err, c.want, c.text)
		}
		if _, err := Migrate(t.Context(), "front", decoded(config), deps); exchange.CodeOf(err) != c.want {
			t.Errorf("%s: migrate: %v", name, err)
		}
	}
}

func TestSecretThatIsMissing(t *testing.T) {
	t.Parallel()
	deps := outbound.Deps{Secrets: func(string) (string, error) { return "", fmt.Errorf("no such file") }}
	config := Config{DSN: "file:dsn", Schema: "x", Side: SideLocal}
	if _, err := Open(t.Context(), "front", "310000", decoded(config), deps, pseudonyms{}); err == nil || !strings.HasPrefix(err.Error(), "dsn: ") {
		t.Error(err)
	}
}

// TestConnectionLostInTheMiddle ends the session from within while rows are copied, as an operator or a fail-over would.
func TestConnectionLostInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.exec(`CREATE FUNCTION {s}.die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF NEW.licence_key = 'licence-00150' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$`)
	s.exec("CREATE TRIGGER die BEFORE INSERT ON {s}.up_lic_status FOR EACH ROW EXECUTE PROCEDURE {s}.die()")
	notices := licences(t, 300, 1)
	if _, err := d.WriteBatch(t.Context(), Batch{Number: "B-1", Notices: notices}); exchange.CodeOf(err) != exchange.SourceDown {
		t.Fatalf("%v", err)
	}
	if count := s.count("SELECT count(*) FROM {s}.up_lic_status"); count != 0 {
		t.Errorf("%d rows of a batch that failed", count)
	}
	s.exec("DROP TRIGGER die ON {s}.up_lic_status")
	if result := s.write(d, notices...); result.Written != 300 || result.Known != 0 {
		t.Errorf("%+v", result)
	}
	if result := s.write(d, notices...); result.Written != 0 || result.Known != 300 || s.count("SELECT count(*) FROM {s}.up_lic_status") != 300 {
		t.Errorf("again: %+v", result)
	}
}

// TestTableHeldByAnother waits for a table that the other side's program holds, until this side or the server gives up.
func TestTableHeldByAnother(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	impatient := s.open(nil)
	var limit string
	if err := impatient.pool.QueryRow(t.Context(), "SHOW statement_timeout").Scan(&limit); err != nil || limit != "30s" {
		t.Errorf("the server would go on for %q, %v", limit, err)
	}
	impatient.config.Timeout = 100 * time.Millisecond // only now, so that a slow machine can open
	s.dsn = s.another(func(u *url.URL) { u.RawQuery += "&lock_timeout=100ms" })
	server := s.open(nil)
	held, err := s.admin.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Rollback(t.Context()) }()
	s.exec("LOCK TABLE {s}.up_lic_status IN ACCESS EXCLUSIVE MODE")
	for text, d := range map[string]*Database{"context deadline exceeded": impatient, "SQLSTATE 55P03": server} {
		_, err := d.WriteBatch(t.Context(), Batch{Number: "B-1", Notices: licences(t, 2, 1)})
		if exchange.CodeOf(err) != exchange.SourceTimeout || !strings.Contains(err.Error(), text) {
			t.Errorf("%v, want %s", err, text)
		}
	}
}

// TestNoErrorShowsAValue goes through the ways in which a database quotes rows.
func TestNoErrorShowsAValue(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{
		"check":   "ALTER TABLE {s}.up_lic_status ADD CHECK (sfzmhm = 'x')",
		"unique":  "CREATE UNIQUE INDEX ON {s}.up_lic_status (sfzmhm)",
		"length":  "ALTER TABLE {s}.up_lic_status ALTER sfzmhm TYPE varchar(3)",
		"type":    "ALTER TABLE {s}.up_lic_status ADD CHECK (sfzmhm::bigint > 0)",
		"trigger": "CREATE TRIGGER t BEFORE INSERT ON {s}.up_lic_status FOR EACH ROW EXECUTE PROCEDURE {s}.refuse()",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			d := s.open(nil)
			s.exec(`CREATE FUNCTION {s}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'bad number %', NEW.sfzmhm; END $$`)
			s.exec(rule)
			result := s.write(d, notice(t, "a", 1), notice(t, "b", 1))
			if len(result.Refused) == 0 {
				t.Fatal("nothing was refused")
			}
			shown := fmt.Sprintf("%+v", result) + result.Refused[0].Err().Error() + strings.Join(s.rows("SELECT error_remark FROM {s}.up_lic_status_error"), " ")
			if strings.Contains(shown, idNumber) || strings.Contains(shown, "3100000000001") {
				t.Error(shown)
			}
		})
	}
}

// TestBatchFailureShowsNoValue makes the whole batch fail on data.
func TestBatchFailureShowsNoValue(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.exec("ALTER TABLE {s}.up_lic_status_error ADD CHECK (sfzmhm = 'x')")
	_, err := d.WriteBatch(t.Context(), Batch{Number: "B-1", Notices: []exchange.Notice{notice(t, "a", 0)}})
	if exchange.CodeOf(err) != exchange.SourceRefused || strings.Contains(err.Error(), idNumber) || !strings.Contains(err.Error(), "SQLSTATE 23514") {
		t.Errorf("%v", err)
	}
}
