package frontdb

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestRefusedRowsAreReadBack lets the other side refuse rows in the two usual ways: the row with a remark, and a bare remark.
func TestRefusedRowsAreReadBack(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := s.open(func(c *Config) { c.BatchMax = 2 })
	s.write(d, notice(t, "a", 3), notice(t, "own", 0)) // the second was in the batch's result
	s.exec(`INSERT INTO {s}.up_lic_status_error SELECT r.*, '证件号 ' || sfzmhm || ' 不存在', '2026-11-20 08:30:00' FROM {s}.up_lic_status r`)
	s.exec("INSERT INTO {s}.up_lic_status_error (error_time, version, error_remark) VALUES ('2026-11-20 08:40:00', '99999999999999999999', E'tel 13800000000\\tcode 42'), ('2026-11-20 08:40:00', NULL, NULL)")
	var got []Refusal
	mark := Watermark{}
	for page, err := range d.Refused(t.Context(), mark) {
		if err != nil {
			t.Fatal(err)
		}
		got, mark = append(got, page.Refusals...), page.Watermark
	}
	at := time.Date(2026, 11, 20, 8, 30, 0, 0, exchange.Shanghai())
	want := []Refusal{
		{Licence: "a", Version: 3, Batch: "B-1", Remark: "证件号 *X 不存在", Time: at},
		{Remark: "tel *\ufffdcode 42", Time: at.Add(10 * time.Minute)}, {Time: at.Add(10 * time.Minute)},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !mark.Time.Equal(at.Add(10*time.Minute)) || mark.ID == 0 {
		t.Errorf("%+v", mark)
	}
	if text := got[0].Err().Error(); exchange.CodeOf(got[0].Err()) != exchange.SourceRefused || strings.Contains(text, "证件") {
		t.Error(text)
	}
}

func TestRemark(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "code 42": "code 42", "n" + idNumber + "!": "n*X!", "1234567": "*", "123456": "123456", "a\x00\xffb": "a\ufffd\ufffdb",
		strings.Repeat("长", 300): strings.Repeat("长", 200),
	} {
		if got := remark(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzRemark(f *testing.F) {
	f.Add("证件号 " + idNumber + " 不存在")
	f.Add("1 22 333\x00\xff4444444")
	f.Fuzz(func(t *testing.T, text string) {
		got := remark(text)
		run := 0
		for _, char := range got {
			if !isDigit(char) {
				run = 0
			} else if run++; run >= minNumber {
				t.Fatal("a number is left")
			}
			if char < ' ' {
				t.Fatal("a control character is left")
			}
		}
		if len([]rune(got)) > maxRemark {
			t.Fatal("too long")
		}
	})
}
