package frontdb

import (
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	if done := s.migrate(); done != (Migration{From: 0, To: 2}) {
		t.Errorf("first: %+v", done)
	}
	if done := s.migrate(); done != (Migration{From: 2, To: 2}) {
		t.Errorf("second: %+v", done)
	}
	for _, table := range []string{"up_lic_status", "up_lic_status_error", "dn_lic_status", "dn_lic_status_error", "zq_written"} {
		if s.count("SELECT count(*) FROM {s}."+table) != 0 {
			t.Errorf("%s is not empty", table)
		}
	}
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	var gateways errgroup.Group
	for range 4 {
		gateways.Go(func() error {
			_, err := Migrate(t.Context(), "front", decoded(s.config()), s.deps())
			return err
		})
	}
	if err := gateways.Wait(); err != nil {
		t.Fatal(err)
	}
	if versions := s.rows("SELECT version::text FROM {s}.zq_version ORDER BY version"); len(versions) != 2 {
		t.Errorf("versions %v", versions)
	}
}

// TestUpgradeFromVersion1 keeps what was written before there was a table of versions: it is not written again.
func TestUpgradeFromVersion1(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	steps, err := scripts()
	if err != nil {
		t.Fatal(err)
	}
	if done, err := migrate(t.Context(), s.admin, s.schema, steps[:1]); err != nil || done.To != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := Open(t.Context(), "front", "310000", decoded(s.config()), s.deps(), pseudonyms{}); exchange.CodeOf(err) != exchange.SourceInvalid {
		t.Errorf("version 1 was opened: %v", err)
	}
	s.exec("INSERT INTO {s}.up_lic_status (licence_key, version, cd_operation, cd_time, cd_batch) VALUES ('a', 4, 'i', '2026-11-01', 'B-0'), ('a', 7, 'u', '2026-11-02', 'B-0')")
	d := s.open(nil)
	if done := s.migrate(); done != (Migration{From: 2, To: 2}) {
		t.Errorf("%+v", done)
	}
	if result := s.write(d, notice(t, "a", 7), notice(t, "a", 8)); result.Written != 1 || result.Known != 1 {
		t.Errorf("%+v", result)
	}
}

func TestOpenRefusesOtherTables(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	open := func() exchange.Code {
		d, err := Open(t.Context(), "front", "310000", decoded(s.config()), s.deps(), pseudonyms{})
		if err == nil {
			_ = d.Close()
		}
		return exchange.CodeOf(err)
	}
	if code := open(); code != exchange.SourceInvalid {
		t.Errorf("no schema: %q", code)
	}
	s.migrate()
	if code := open(); code != "" {
		t.Errorf("migrated: %q", code)
	}
	s.exec("INSERT INTO {s}.zq_version VALUES (3, now())")
	if code := open(); code != exchange.SourceInvalid {
		t.Errorf("newer: %q", code)
	}
}

// TestReceiverWaitsForItsTables is told of a change before there are tables: the notice is worth another try.
func TestReceiverWaitsForItsTables(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	receiver, err := OpenReceiver("front", "310000", decoded(s.config()), s.deps())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = receiver.Close() }()
	if err := receiver.Changes.Apply(t.Context(), notice(t, "a", 1)); exchange.CodeOf(err) != exchange.SourceInvalid {
		t.Errorf("no tables: %v", err)
	}
	s.migrate()
	if err := receiver.Changes.Apply(t.Context(), notice(t, "a", 1)); err != nil || s.count("SELECT count(*) FROM {s}.up_lic_status") != 1 {
		t.Errorf("migrated: %v", err)
	}
}
