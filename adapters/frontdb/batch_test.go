package frontdb

import (
	"fmt"
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

func TestApply(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	if err := d.Apply(t.Context(), notice(t, "a", 1)); err != nil {
		t.Error(err)
	}
	if err := d.Apply(t.Context(), notice(t, "a", 1)); err != nil {
		t.Errorf("again: %v", err)
	}
	if err := d.Apply(t.Context(), notice(t, "a", 0)); exchange.CodeOf(err) != exchange.SourceRefused {
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
