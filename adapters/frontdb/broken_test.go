package frontdb

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestBrokenRows lets the good rows land, whoever finds the broken ones: this side, or a rule that the other side set.
func TestBrokenRows(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.exec("ALTER TABLE {s}.up_lic_status ADD CONSTRAINT points_under_13 CHECK (ljjf < 13)")
	over := exchange.DisclosedField{Name: "points", Value: 13}
	notices := licences(t, 500, 1)
	for _, i := range []int{0, 7, 8, 250, 499} {
		notices[i] = with(notices[i], over)
	}
	notices[100] = with(notices[100], exchange.DisclosedField{Name: "cardNumber", Value: strings.Repeat("9", 21)})
	result := s.write(d, notices...)
	if result.Written != 494 || len(result.Refused) != 6 || s.count("SELECT count(*) FROM {s}.up_lic_status") != 494 {
		t.Fatalf("%d written, %d refused", result.Written, len(result.Refused))
	}
	got := s.rows("SELECT concat_ws('|', licence_key, version, ljjf, zxbh, error_remark, error_by) FROM {s}.up_lic_status_error ORDER BY licence_key")
	want := []string{
		"licence-00000|1|13|3100000000001|SQLSTATE 23514, constraint points_under_13|sender",
		"licence-00007|1|13|3100000000001|SQLSTATE 23514, constraint points_under_13|sender",
		"licence-00008|1|13|3100000000001|SQLSTATE 23514, constraint points_under_13|sender",
		"licence-00100|1|0|999999999999999999999|column zxbh: too long|sender",
		"licence-00250|1|13|3100000000001|SQLSTATE 23514, constraint points_under_13|sender",
		"licence-00499|1|13|3100000000001|SQLSTATE 23514, constraint points_under_13|sender",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	again := s.write(d, notices...)
	if again.Written != 0 || again.Known != 494 || len(again.Refused) != 6 || s.count("SELECT count(*) FROM {s}.up_lic_status_error") != 6 {
		t.Errorf("again: %d written, %d known, %d refused", again.Written, again.Known, len(again.Refused))
	}
	mended := with(notices[0], exchange.DisclosedField{Name: "points", Value: 12})
	if result := s.write(d, mended); result.Written != 1 {
		t.Errorf("mended: %+v", result)
	}
}

// TestOperationAfterARefusedInsert: what lands first of a licence is its insert.
func TestOperationAfterARefusedInsert(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.exec("ALTER TABLE {s}.up_lic_status ADD CHECK (ljjf < 13)")
	s.write(d, with(notice(t, "a", 1), exchange.DisclosedField{Name: "points", Value: 13}), notice(t, "a", 2), notice(t, "a", 3))
	if got := s.rows("SELECT version || cd_operation FROM {s}.up_lic_status ORDER BY id"); !slices.Equal(got, []string{"2i", "3u"}) {
		t.Errorf("%v", got)
	}
}

// TestTableThatRefusesAll fails as a whole: then it is not the rows.
func TestTableThatRefusesAll(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.exec("ALTER TABLE {s}.up_lic_status ADD CHECK (ljjf > 99)")
	_, err := d.WriteBatch(t.Context(), Batch{Number: "B-1", Notices: licences(t, 101, 1)})
	if exchange.CodeOf(err) != exchange.SourceInvalid || s.count("SELECT count(*) FROM {s}.up_lic_status_error") != 0 {
		t.Errorf("%v", err)
	}
	if result := s.write(d, licences(t, 100, 1)...); len(result.Refused) != 100 {
		t.Errorf("%d refused", len(result.Refused))
	}
}

func TestHostileText(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	quotes := with(notice(t, `'); DROP TABLE "up_lic_status"; --`, 1), exchange.DisclosedField{Name: "cardNumber", Value: `\N';\t"$1,驾`})
	if result := s.write(d, quotes); result.Written != 1 {
		t.Errorf("%+v", result)
	}
	if got := s.rows("SELECT licence_key || '|' || zxbh FROM {s}.up_lic_status"); !slices.Equal(got, []string{quotes.Licence + `|\N';\t"$1,驾`}) {
		t.Errorf("%q", got)
	}
	cases := hostile(t)
	for _, c := range cases {
		result := s.write(d, c.notice)
		if len(result.Refused) != 1 || result.Refused[0].Remark != c.remark || exchange.CodeOf(result.Refused[0].Err()) != exchange.SourceRefused {
			t.Errorf("want %s: %+v", c.remark, result)
		}
	}
	if count := s.count("SELECT count(*) FROM {s}.up_lic_status_error"); count != len(cases) {
		t.Errorf("%d rows in the error table", count)
	}
}

type hostileCase struct {
	notice exchange.Notice
	remark string
}

// hostile gives notices that cannot be written, each for one reason.
func hostile(t *testing.T) []hostileCase {
	t.Helper()
	fields := []struct {
		field  exchange.Field
		value  any
		remark string
	}{
		{"cardNumber", "a\x00b", "column zxbh: not plain text"}, {"cardNumber", "\xff\xfe", "column zxbh: not plain text"},
		{"cardNumber", "tab\there", "column zxbh: not plain text"}, {"cardNumber", strings.Repeat("驾", 21), "column zxbh: too long"},
		{"cardNumber", 7, "column zxbh: of an unknown form"}, {"points", "3", "column ljjf: of an unknown form"},
		{"points", -1, "column ljjf: out of range"}, {"replacements", math.MaxInt, "column bzcs: out of range"},
		{"status", exchange.ParseStatus("ABCDEFGHIJKLMNPRS").States(), "column zt: too long"},
		{"issuedOn", exchange.Date{Year: 10_000, Month: 1, Day: 1}, "column fzrq: out of range"},
	}
	nameless := notice(t, "nameless", 1)
	nameless.Subject = exchange.Subject{}
	cases := []hostileCase{
		{notice(t, "", 1), "column licence_key: missing"}, {notice(t, "nul\x00key", 1), "column licence_key: not plain text"},
		{notice(t, strings.Repeat("k", 129), 1), "column licence_key: too long"}, {notice(t, "zero", 0), "column version: out of range"},
		{notice(t, "overflow", math.MaxUint64), "column version: out of range"}, {nameless, "column sfzmhm: missing"},
	}
	for i, f := range fields {
		n := with(notice(t, fmt.Sprintf("case-%d", i), 1), exchange.DisclosedField{Name: f.field, Value: f.value})
		cases = append(cases, hostileCase{n, f.remark})
	}
	return cases
}
