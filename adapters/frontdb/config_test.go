package frontdb

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestConfigNamesTheWrongKey(t *testing.T) {
	t.Parallel()
	good := Config{DSN: "file:dsn", Schema: "exchange", Side: SideLocal}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for key, spoil := range map[string]func(*Config){
		"dsn":            func(c *Config) { c.DSN = "" },
		"schema":         func(c *Config) { c.Schema = `x"; DROP` },
		"side":           func(c *Config) { c.Side = "up" },
		"identify":       func(c *Config) { c.Identify = "name" },
		"rhythm.every":   func(c *Config) { c.Rhythm.Every = "hourly" },
		"rhythm.at":      func(c *Config) { c.Rhythm.At = "25:00" },
		"rhythm.weekday": func(c *Config) { c.Rhythm.Weekday = "Monday" }, // of a daily batch
		"batchMax":       func(c *Config) { c.BatchMax = 100_001 },
		"timeout":        func(c *Config) { c.Timeout = -time.Second },
		"overlap":        func(c *Config) { c.Overlap = -time.Second },
		"connections":    func(c *Config) { c.Connections = 65 },
	} {
		bad := good
		spoil(&bad)
		if err := bad.Validate(); err == nil || !strings.HasPrefix(err.Error(), key+": ") {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", text, exchange.Shanghai())
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	cases := []struct {
		rhythm      Rhythm
		after, want string
	}{
		{Rhythm{}, "2026-11-24 02:29", "2026-11-24 02:30"},
		{Rhythm{}, "2026-11-24 02:30", "2026-11-25 02:30"},
		{Rhythm{At: "23:59"}, "2026-12-31 23:59", "2027-01-01 23:59"},
		{Rhythm{Every: "weekly"}, "2026-11-24 09:00", "2026-11-30 02:30"}, // a Tuesday
		{Rhythm{Every: "weekly", Weekday: "Tuesday", At: "09:01"}, "2026-11-24 09:00", "2026-11-24 09:01"},
	}
	for _, c := range cases {
		if got := c.rhythm.Due(at(c.after).UTC()); !got.Equal(at(c.want)) {
			t.Errorf("%+v after %s: %s, want %s", c.rhythm, c.after, got, c.want)
		}
	}
}

// TestConnectionString never reaches a server: what is wrong is found before.
func TestConnectionString(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		dsn  string
		want error
	}{
		"no string":      {"postgres://zq:s3cret@[::1", errDSN},
		"default TLS":    {"postgres://zq:s3cret@db.example/x", errTLS},
		"prefer":         {"postgres://zq:s3cret@db.example/x?sslmode=prefer", errTLS},
		"allow":          {"host=db.example user=zq password=s3cret sslmode=allow", errTLS},
		"require":        {"postgres://zq:s3cret@db.example/x?sslmode=require", nil},
		"two hosts, TLS": {"postgres://zq:s3cret@a.example,b.example/x?sslmode=require", nil},
		"disable":        {"postgres://zq:s3cret@db.example/x?sslmode=disable", nil},
	} {
		deps := outbound.Deps{Secrets: func(string) (string, error) { return c.dsn, nil }}
		_, err := poolOptions(Config{}.filled(), deps.Filled())
		if !errors.Is(err, c.want) || err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
