package frontdb

import (
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestAgainWritesTheLastVersionOnceMore is for rows that the other side refused and will take now.
func TestAgainWritesTheLastVersionOnceMore(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.write(d, notice(t, "a", 2), notice(t, "b", 2))
	again := func(notices ...exchange.Notice) Result {
		t.Helper()
		result, err := d.WriteBatch(t.Context(), Batch{Number: "B-2", Notices: notices, Again: true})
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	if result := again(notice(t, "a", 1), notice(t, "a", 2), notice(t, "c", 1)); result.Written != 2 || result.Known != 1 {
		t.Errorf("%+v", result)
	}
	if result := again(notice(t, "b", 3)); result.Written != 1 {
		t.Errorf("%+v", result)
	}
	if result := s.write(d, notice(t, "a", 2), notice(t, "b", 3), notice(t, "c", 1)); result.Known != 3 {
		t.Errorf("without being asked to: %+v", result)
	}
	rows := s.rows("SELECT licence_key || version || cd_operation || cd_batch FROM {s}.up_lic_status ORDER BY id")
	if want := []string{"a2iB-1", "b2iB-1", "a2uB-2", "c1iB-2", "b3uB-2"}; !slices.Equal(rows, want) {
		t.Errorf("%v, want %v", rows, want)
	}
}

// TestRejectedRowsAreInTheMirror rejects good rows, some by ids that are none of this table's.
func TestRejectedRowsAreInTheMirror(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.dn("2026-11-20 08:00:00", "ljjf", "1")
	s.dn("2026-11-20 08:01:00", "ljjf", "-1")
	reports, broken, _ := all(t, d, Watermark{})
	if len(reports) != 1 || broken != 1 {
		t.Fatalf("%d reports, %d broken", len(reports), broken)
	}
	for range 2 {
		err := d.Reject(t.Context(), map[string]string{reports[0].ID: "policy-refused", "up_lic_status/2/1": "x", "": "x", "dn_lic_status/": "x"})
		if err != nil {
			t.Fatal(err)
		}
	}
	rows := s.rows("SELECT id || error_remark || error_by || coalesce(ljjf, '') FROM {s}.dn_lic_status_error ORDER BY error_id")
	if len(rows) != 2 || !strings.HasPrefix(rows[0], "2column ljjf: ") || rows[1] != "1policy-refusedreceiver1" {
		t.Error(rows)
	}
	for page, err := range d.Incoming(t.Context(), Watermark{}) {
		if err != nil || page.Broken != 1 || page.Added != 0 {
			t.Errorf("again: %+v, %v", page, err)
		}
	}
}
