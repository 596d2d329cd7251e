package frontdb

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// whole shows a row of the table, its bookkeeping columns included.
const whole = `SELECT concat_ws('|', licence_key, version, coalesce(sfzmhm, '-'), coalesce(xm, '-'), xzqh, coalesce(zt, '-'), coalesce(zjcx, '-'),
	coalesce(yxqz::text, '-'), coalesce(zxbh, '-'), coalesce(bzcs::text, '-'), coalesce(fzrq::text, '-'), coalesce(ljjf::text, '-'),
	coalesce(qfrq::text, '-'), coalesce(may_drive, '-'), coalesce(validity, '-'), events, gxsj, data_source, cd_via, cd_operation, cd_time, cd_batch)
	FROM {s}.up_lic_status ORDER BY licence_key, id`

func TestRowHoldsWhatIsDisclosedAndNoMore(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	masked := with(notice(t, "b", 3), exchange.DisclosedField{Name: "cardNumber", Value: "3100****", Masked: true})
	masked = with(masked, exchange.DisclosedField{Name: "longTerm", Value: true})
	masked = with(masked, exchange.DisclosedField{Name: "tomorrow's", Value: "secret"})
	bare := exchange.Notice{
		Licence: "c", Version: 1, Subject: exchange.Subject{IDNumber: number(t)}, Region: "330000", Happened: now, Origin: "tmri",
		Fields: exchange.Disclosed{{Name: "mayDrive", Value: exchange.MayDriveNo}, {Name: "validity", Value: exchange.ValidityRenewalOpen}},
		Events: []exchange.Event{{Kind: exchange.StatusAdded}},
	}
	result := s.write(d, notice(t, "a", 2), masked, bare)
	if result.Written != 3 || result.Known != 0 || len(result.Refused) != 0 || !result.Time.Equal(now) {
		t.Errorf("%+v", result)
	}
	want := []string{
		"a|2|" + idNumber + "|-|310000|BDJ|A2D|-|3100000000001|2|2026-11-20|0|-|-|-|status.added:B,replaced|2026-11-20 08:00:00|suishenban|gw-sh|i|2026-11-20 09:00:00|B-1",
		"b|3|" + idNumber + "|-|310000|BDJ|A2D|9999-12-31|-|2|2026-11-20|0|-|-|-|status.added:B,replaced|2026-11-20 08:00:00|suishenban|gw-sh|i|2026-11-20 09:00:00|B-1",
		"c|1|" + idNumber + "|-|330000|-|-|-|-|-|-|-|-|no|renewal-open|status.added|2026-11-20 09:00:00|tmri|i|2026-11-20 09:00:00|B-1",
	}
	if got := s.rows(whole); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestIdentifyByKeyWritesNoNumber(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(func(c *Config) { c.Identify = IdentifyKey })
	s.write(d, notice(t, "a", 1))
	if s.count("SELECT count(*) FROM {s}.up_lic_status WHERE sfzmhm IS NULL AND xm IS NULL") != 1 {
		t.Error("the row names the person")
	}
}

// TestVersionsNeverGoBack writes duplicates, older versions after newer ones and several versions at once.
func TestVersionsNeverGoBack(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	for _, c := range []struct {
		versions       []uint64
		written, known int
	}{
		{[]uint64{3}, 1, 0}, {[]uint64{3}, 0, 1}, {[]uint64{2, 1}, 0, 2}, {[]uint64{6, 4, 6, 5}, 3, 1}, {[]uint64{6}, 0, 1}, {[]uint64{9}, 1, 0},
	} {
		var notices []exchange.Notice
		for _, version := range c.versions {
			notices = append(notices, notice(t, "a", version))
		}
		if result := s.write(d, notices...); result.Written != c.written || result.Known != c.known {
			t.Errorf("%v: %+v", c.versions, result)
		}
	}
	got := s.rows("SELECT version || cd_operation FROM {s}.up_lic_status ORDER BY id")
	if want := []string{"3i", "4u", "5u", "6u", "9u"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestTakenAwayRowsStayWritten: the other side's synchronisation empties the table.
func TestTakenAwayRowsStayWritten(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.write(d, notice(t, "a", 3))
	s.exec("DELETE FROM {s}.up_lic_status")
	if result := s.write(d, notice(t, "a", 3), notice(t, "a", 2)); result.Written != 0 || result.Known != 2 {
		t.Errorf("%+v", result)
	}
}

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

// TestTwoWritersAtOnce gives several gateways the same and different versions of the same licences: each version lands once, and
// no licence's rows go back.
func TestTwoWritersAtOnce(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	const writers, rounds, count = 4, 6, 40
	var gateways errgroup.Group
	start := make(chan struct{})
	for range writers {
		d := s.open(nil)
		gateways.Go(func() error {
			<-start
			for version := uint64(1); version <= rounds; version++ {
				if _, err := d.WriteBatch(t.Context(), Batch{Number: "B-1", Notices: licences(t, count, version)}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	close(start)
	if err := gateways.Wait(); err != nil {
		t.Fatal(err)
	}
	if back := s.count(`SELECT count(*) FROM (SELECT version <= lag(version) OVER (PARTITION BY licence_key ORDER BY id) AS back FROM {s}.up_lic_status) x WHERE back`); back != 0 {
		t.Errorf("%d rows repeat a version or go back", back)
	}
	if heads := s.count(fmt.Sprintf("SELECT count(*) FROM {s}.zq_written WHERE version = %d", rounds)); heads != count {
		t.Errorf("%d licences at the last version", heads)
	}
	if inserts := s.count("SELECT count(*) FROM {s}.up_lic_status WHERE cd_operation = 'i'"); inserts != count {
		t.Errorf("%d inserts", inserts)
	}
}

func TestBatchIsRefusedBeforehand(t *testing.T) {
	t.Parallel()
	d := newStand(t).open(func(c *Config) { c.BatchMax = 1 })
	for _, batch := range []Batch{{Number: ""}, {Number: "a b"}, {Number: strings.Repeat("1", 65)}, {Number: "B-1", Notices: licences(t, 2, 1)}} {
		if _, err := d.WriteBatch(t.Context(), batch); exchange.CodeOf(err) != exchange.InvalidRequest {
			t.Errorf("%q: %v", batch.Number, err)
		}
	}
}

func TestTell(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	if err := d.Tell(t.Context(), notice(t, "a", 1)); err != nil {
		t.Error(err)
	}
	if err := d.Tell(t.Context(), notice(t, "a", 1)); err != nil {
		t.Errorf("again: %v", err)
	}
	if err := d.Tell(t.Context(), notice(t, "a", 0)); exchange.CodeOf(err) != exchange.SourceRefused {
		t.Errorf("broken: %v", err)
	}
	if got := s.rows("SELECT cd_batch FROM {s}.up_lic_status"); !slices.Equal(got, []string{"20261120-090000.000"}) {
		t.Errorf("%v", got)
	}
}

func BenchmarkWriteBatch(b *testing.B) {
	for _, count := range []int{1, 100, 10_000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			b.ReportAllocs()
			s := newStand(b)
			d := s.open(nil)
			notices := licences(b, count, 0)
			for version := uint64(1); b.Loop(); version++ {
				for i := range notices {
					notices[i].Version = version
				}
				if result := s.write(d, notices...); result.Written != count {
					b.Fatalf("%+v", result)
				}
			}
			b.ReportMetric(float64(count)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
