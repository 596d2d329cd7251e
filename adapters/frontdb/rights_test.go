package frontdb

import (
	"net/url"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestEverydayRights does everything with an account that has the rights which the manual names and no more.
func TestEverydayRights(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.migrate()
	s.exec("CREATE ROLE {s} LOGIN PASSWORD 'x'")
	t.Cleanup(func() { s.exec("DROP OWNED BY {s}; DROP ROLE {s}") })
	s.exec("GRANT USAGE ON SCHEMA {s} TO {s}; GRANT USAGE ON ALL SEQUENCES IN SCHEMA {s} TO {s}")
	s.exec("GRANT SELECT, INSERT ON {s}.up_lic_status, {s}.up_lic_status_error, {s}.dn_lic_status, {s}.dn_lic_status_error TO {s}")
	s.exec("GRANT SELECT, INSERT, DELETE ON {s}.zq_written TO {s}; GRANT SELECT ON {s}.zq_version TO {s}")
	s.dn("2026-11-20 08:00:00", "ljjf", "1")
	s.dn("2026-11-20 08:01:00", "ljjf", "-1")
	deps, address := s.deps(), s.another(func(u *url.URL) { u.User = url.UserPassword(s.schema, "x") })
	deps.Secrets = func(string) (string, error) { return address, nil }
	d, err := Open(t.Context(), "front", "310000", decoded(s.config()), deps, pseudonyms{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if result := s.write(d, notice(t, "a", 1), notice(t, "a", 2), notice(t, "b", 0)); result.Written != 2 || len(result.Refused) != 1 {
		t.Errorf("%+v", result)
	}
	if result := s.write(d, notice(t, "a", 3)); result.Written != 1 {
		t.Errorf("%+v", result)
	}
	if reports, broken, _ := all(t, d, Watermark{}); len(reports) != 1 || broken != 1 {
		t.Errorf("%d reports, %d broken", len(reports), broken)
	}
	for _, err := range d.Refused(t.Context(), Watermark{}) {
		t.Errorf("nothing was refused by the other side: %v", err)
	}
	if _, err := Migrate(t.Context(), "front", decoded(s.config()), deps); exchange.CodeOf(err) != exchange.SourceRefused {
		t.Errorf("migrate: %v", err)
	}
}
