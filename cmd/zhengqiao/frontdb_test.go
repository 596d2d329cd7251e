package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/zhengqiao/zhengqiao/internal/pgtest"
)

// TestFrontDBMigrate makes the tables in a database of their own, twice, and says why it can't for others.
func TestFrontDBMigrate(t *testing.T) {
	t.Parallel()
	server := &pgtest.Server{}
	t.Cleanup(server.Stop)
	dsn, err := server.Address()
	if err != nil {
		t.Fatal(err)
	}
	if dsn == "" {
		t.Skip(pgtest.Missing)
	}
	admin, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		_, _ = admin.Exec(t.Context(), "DROP SCHEMA IF EXISTS cli_migrate CASCADE")
		_ = admin.Close(t.Context())
	}()
	if _, err := admin.Exec(t.Context(), "DROP SCHEMA IF EXISTS cli_migrate CASCADE"); err != nil { // of a run that was cut off
		t.Fatal(err)
	}
	dir, config := newWorld(t)
	wrong, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	wrong.User = url.UserPassword(wrong.User.Username(), "wrong-secret")
	for name, text := range map[string]string{"owner.dsn": dsn, "front.dsn": wrong.String()} {
		if err := os.WriteFile(filepath.Join(dir, "keys", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	appendTo(t, config, "\nfrontdbs:\n  - {id: jiaoguan12123, region: \"000000\", settings: {dsn: file:keys/front.dsn, schema: cli_migrate, side: local}}\n")
	for _, step := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--as", "elsewhere"}, 1, `no front-end database "elsewhere"`},
		{[]string{"--as", "jiaoguan12123"}, 1, "source-refused (jiaoguan12123): SQLSTATE 28P01"},
		{[]string{"--as", "jiaoguan12123", "--dsn", "file:keys/owner.dsn"}, 0, "jiaoguan12123 went from version 0 to 2"},
		{[]string{"--as", "jiaoguan12123", "--dsn", "file:keys/owner.dsn"}, 0, "jiaoguan12123 is at version 2 already"},
		{nil, 1, `required flag(s) "as" not set`},
	} {
		out, complaints, code := program(t, nil, append([]string{"frontdb", "migrate", "--config", config}, step.args...)...)
		if code != step.code || !strings.Contains(out+complaints, step.want) || strings.Contains(out+complaints, "secret") {
			t.Errorf("%v: exit %d %s%s", step.args, code, out, complaints)
		}
	}
}
