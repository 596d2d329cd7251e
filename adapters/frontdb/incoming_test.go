package frontdb

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// all reads everything after the watermark, and gives the last page's watermark.
func all(t testing.TB, d *Database, after Watermark) (reports []*exchange.Report, broken int, mark Watermark) {
	t.Helper()
	mark = after
	for page, err := range d.Incoming(t.Context(), after) {
		if err != nil {
			t.Fatal(err)
		}
		reports, broken, mark = append(reports, page.Reports...), broken+page.Broken, page.Watermark
	}
	return reports, broken, mark
}

// dn writes a row as the other side would: columns and values as SQL has them.
func (s *stand) dn(at string, columns, values string) {
	s.t.Helper()
	s.exec("INSERT INTO {s}.dn_lic_status (cd_operation, cd_batch, cd_time, sfzmhm, xzqh, " + columns + ") VALUES ('u', 'N-1', '" + at + "', '" + idNumber +
		"', '310000', " + values + ")")
}

func points(reports []*exchange.Report) (list []int) {
	for _, r := range reports {
		list = append(list, *r.Facts.Points)
	}
	return list
}

// TestFromSideToSide writes as the national side and reads as the local one.
func TestFromSideToSide(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	national, local := s.open(func(c *Config) { c.Side = SideNational }), s.open(nil)
	told := with(notice(t, "a", 5), exchange.DisclosedField{Name: "longTerm", Value: true})
	told = with(told, exchange.DisclosedField{Name: "cycleEnd", Value: exchange.Date{Year: 2027, Month: 5, Day: 9}})
	told.Via = []string{"gw-sh", "gw-national"}
	s.write(national, told)
	reports, broken, mark := all(t, local, Watermark{})
	yes, replacements, none := true, 2, 0
	want := []*exchange.Report{{
		ID: fmt.Sprintf("dn_lic_status/1/%d", now.UnixMicro()), Reporter: "front", Licence: pseudonyms{}.Pseudonym(number(t)),
		Subject: exchange.Subject{IDNumber: number(t)}, Region: "310000", Sequence: 5, Happened: now.Add(-time.Hour), Learned: now,
		Origin: "suishenban", Via: []string{"gw-sh", "gw-national"},
		Facts: exchange.Facts{
			Status: "BDJ", Classes: []exchange.Class{"A2", "D"}, LongTerm: &yes, CardNumber: "3100000000001", Replacements: &replacements,
			IssuedOn: exchange.Date{Year: 2026, Month: 11, Day: 20}, Points: &none, CycleEnd: exchange.Date{Year: 2027, Month: 5, Day: 9},
		},
	}}
	if !reflect.DeepEqual(reports, want) || broken != 0 {
		t.Errorf("got  %+v\nwant %+v", reports[0], want[0])
	}
	if !mark.Time.Equal(now) || mark.ID != 1 {
		t.Errorf("%+v", mark)
	}
	if reports, _, _ := all(t, national, Watermark{}); len(reports) != 0 {
		t.Error("the national side reads what it wrote itself")
	}
}

func TestWatermarkAndOverlap(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(func(c *Config) { c.BatchMax, c.Overlap = 2, 10*time.Minute })
	s.dn("2026-11-20 08:00:00", "ljjf", "1")
	s.dn("2026-11-20 08:30:00", "ljjf", "2")
	s.dn("2026-11-20 08:30:00", "ljjf", "3")
	s.dn("2026-11-20 08:35:00", "ljjf", "4")
	first, _, mark := all(t, d, Watermark{})
	if !slices.Equal(points(first), []int{1, 2, 3, 4}) || mark.ID != 4 {
		t.Errorf("%v, %+v", points(first), mark)
	}
	s.dn("2026-11-20 08:26:00", "ljjf", "5") // its transaction was slow
	s.dn("2026-11-20 08:35:00", "ljjf", "6")
	for page, err := range d.Incoming(t.Context(), mark) { // one page, which lies behind the watermark
		if err != nil || page.Watermark != mark {
			t.Errorf("%+v, %v", page.Watermark, err)
		}
		break
	}
	second, _, next := all(t, d, mark)
	if !slices.Equal(points(second), []int{5, 2, 3, 4, 6}) || next.ID != 6 {
		t.Errorf("%v, %+v", points(second), next)
	}
	if second[1].ID != first[1].ID || second[0].ID == first[0].ID {
		t.Error("the same row must have the same id, another row another one")
	}
	if _, _, same := all(t, d, next); same != next {
		t.Errorf("an idle pass moved %+v to %+v", next, same)
	}
}

// TestStoppingEarlyKeepsThePlace is a caller that stores only the first page.
func TestStoppingEarlyKeepsThePlace(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(func(c *Config) { c.BatchMax, c.Overlap = 2, time.Nanosecond })
	for i := range 5 {
		s.dn(fmt.Sprintf("2026-11-20 08:0%d:00", i), "ljjf", fmt.Sprint(i))
	}
	var read []int
	mark := Watermark{}
	for range 3 {
		for page, err := range d.Incoming(t.Context(), mark) {
			if err != nil {
				t.Fatal(err)
			}
			read, mark = append(read, points(page.Reports)...), page.Watermark
			break
		}
	}
	if slices.Sort(read); !slices.Equal(slices.Compact(read), []int{0, 1, 2, 3}) {
		t.Errorf("%v", read) // each pass begins with the row at the watermark
	}
}

// TestTimeAhead reads rows dated ahead, again and again, and misses none that come after.
func TestTimeAhead(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.dn("2099-01-01 00:00:00", "ljjf", "1")
	reports, _, mark := all(t, d, Watermark{})
	if len(reports) != 1 || mark != (Watermark{}) {
		t.Errorf("%d reports, %+v", len(reports), mark)
	}
	s.dn("2026-11-20 08:59:00", "ljjf", "2")
	if reports, _, mark = all(t, d, mark); !slices.Equal(points(reports), []int{2, 1}) || mark.ID != 2 {
		t.Errorf("%v, %+v", points(reports), mark)
	}
}

func TestBrokenRowsAreSetAside(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.dn("2026-11-20 08:00:00", "ljjf", "1")
	s.dn("2026-11-20 08:01:00", "ljjf, zjcx", "2, 'C1X'")
	s.dn("2026-11-20 08:02:00", "ljjf", "-1")
	s.dn("2026-11-20 08:03:00", "xm", "'张三'")
	s.dn("2026-11-20 08:04:00", "fzrq", "'infinity'")
	s.dn("2026-11-20 08:05:00", "ljjf, gxsj", "4, '2026-11-19 10:00:00.5'")
	for _, change := range []string{
		"cd_operation = 'd'", "cd_operation = 'x'", "sfzmhm = '110105194912310021'", "sfzmhm = NULL", "xzqh = '310115'", "version = -2",
		"zt = '张三'", "ljjf = 1000", "xm = '" + idNumber + "'", "zxbh = '" + idNumber + "'", "zjcx = 'C1C1'",
	} {
		s.dn("2026-11-20 08:06:00", "ljjf", "3")
		s.exec("UPDATE {s}.dn_lic_status SET " + change + " WHERE id = (SELECT max(id) FROM {s}.dn_lic_status)")
	}
	want := []string{
		"2|C1X|column zjcx: not a list of classes", "3||column ljjf: not a count", "4||the row says nothing of a licence",
		"5||column fzrq: a date of 8 characters is not yyyy-MM-dd",
		"7||column cd_operation: a deletion states no fact: write the licence's status, such as G (注销)", "8||column cd_operation: neither i nor u",
		"9||column sfzmhm: " + exchange.ErrIDCheck.Error(), "10||column sfzmhm: " + exchange.ErrIDLength.Error(),
		"11||column xzqh: no province (GB/T 2260)", "12||column version: not a count",
		"13||column zt: not letters from A to Z, each once", "14||column ljjf: not a count", "15||column xm: an ID number may not stand there",
		"16||column zxbh: an ID number may not stand there", "17|C1C1|column zjcx: a class is given twice",
	}
	for pass := range 2 { // the second finds them in the error table
		reports, broken, _ := all(t, d, Watermark{})
		if !slices.Equal(points(reports), []int{1, 4}) || broken != len(want) {
			t.Errorf("pass %d: %v, %d broken", pass, points(reports), broken)
		}
		got := s.rows("SELECT id || '|' || coalesce(zjcx, '') || '|' || error_remark FROM {s}.dn_lic_status_error WHERE error_by = 'receiver' ORDER BY id::int")
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	s.exec("UPDATE {s}.dn_lic_status SET zjcx = 'D9', cd_time = '2026-11-20 08:20:00' WHERE id = 2") // written again and no better
	all(t, d, Watermark{})
	if again := s.count("SELECT count(*) FROM {s}.dn_lic_status_error WHERE id = '2'"); again != 2 {
		t.Errorf("%d entries of a row that was refused twice", again)
	}
	s.exec("UPDATE {s}.dn_lic_status SET zjcx = 'C1', cd_time = '2026-11-20 08:30:00' WHERE id = 2") // mended and written again
	if reports, _, _ := all(t, d, Watermark{}); !slices.Equal(points(reports), []int{1, 4, 2}) {
		t.Errorf("%v", points(reports))
	}
}

func TestReadFailure(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(nil)
	s.exec("DROP TABLE {s}.dn_lic_status")
	count := 0
	for page, err := range d.Incoming(t.Context(), Watermark{}) {
		if count++; exchange.CodeOf(err) != exchange.SourceInvalid || page.Reports != nil {
			t.Errorf("%v", err)
		}
	}
	if count != 1 {
		t.Errorf("%d pages", count)
	}
}

func BenchmarkIncoming(b *testing.B) {
	b.ReportAllocs()
	s := newStand(b)
	national, local := s.open(func(c *Config) { c.Side = SideNational }), s.open(nil)
	s.write(national, licences(b, 10_000, 1)...)
	for b.Loop() {
		if reports, _, _ := all(b, local, Watermark{}); len(reports) != 10_000 {
			b.Fatalf("%d reports", len(reports))
		}
	}
	b.ReportMetric(10_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
