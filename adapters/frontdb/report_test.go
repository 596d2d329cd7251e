package frontdb

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// FuzzReport feeds a row's columns to the conversion, separated by |, in the order of the table.
func FuzzReport(f *testing.F) {
	f.Add("k|7|" + idNumber + "|张三|310000|BDJ|A2D|9999-12-31|3100000000001|2|2026-11-20|3|2027-05-09|no|expired|replaced|2026-11-20 08:00:00.5|tmri|a b|i")
	f.Add("||11010519491231002x|||||||||12||||||||U")
	f.Add("k|-1|" + idNumber + "||83|\xff\x00|C1X|infinity|x|99999999999|0000-00-00|-3|2026-02-30|||||||d")
	f.Fuzz(func(t *testing.T, text string) {
		found := foundRow{place: Watermark{Time: now, ID: 7}, columns: map[string]string{}}
		for i, value := range strings.Split(text, "|") {
			if i < int(columnCount) && value != "" {
				found.columns[columnNames[i]] = value
			}
		}
		report, err := reportReader{"front", "dn_lic_status", "310000", pseudonyms{}, now}.report(found)
		if err != nil {
			checkQuiet(t, err.Error(), found.columns)
			return
		}
		switch {
		case report.Subject.IDNumber.IsZero() || report.Licence == "" || !report.Region.Provincial():
			t.Fatal("a report of nobody, or from nowhere")
		case len(report.Facts.Said()) == 0 || report.Happened.IsZero() || report.Rank != exchange.RankNone:
			t.Fatal("a report that says nothing, at no time, or with a rank of its own")
		case report.Facts.Points != nil && *report.Facts.Points < 0:
			t.Fatal("negative points")
		}
	})
}

// checkQuiet fails if the error repeats a value that is long enough to be told from the error's own words.
func checkQuiet(t *testing.T, text string, columns map[string]string) {
	for _, value := range columns {
		if len(value) >= 12 && strings.Contains(text, value) && !strings.Contains(ownWords, value) {
			t.Fatalf("the error repeats a value: %q", text)
		}
	}
}

// ownWords are those of the errors: a value may happen to be one of them.
const ownWords = "column licence_key version sfzmhm a date of characters is not yyyy-MM-dd the ID number's first two digits are no provincial division"

func BenchmarkReport(b *testing.B) {
	b.ReportAllocs()
	found := foundRow{place: Watermark{Time: now, ID: 7}, columns: map[string]string{
		"sfzmhm": idNumber, "zt": "BDJ", "zjcx": "A2D", "yxqz": "2030-01-01", "ljjf": "3", "cd_operation": "u", "gxsj": "2026-11-20 08:00:00",
	}}
	reader := reportReader{"front", "dn_lic_status", "310000", pseudonyms{}, now}
	for b.Loop() {
		if _, err := reader.report(found); err != nil {
			b.Fatal(err)
		}
	}
}
