package row_test

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// number is the example of GB 11643-1999, which belongs to nobody.
const number = "11010519491231002X"

func columns(changes ...string) map[string]string {
	row := map[string]string{
		"sfzmhm": number, "sfzmmc": "A", "xm": "张三", "xb": "1", "csrq": "1949-12-31", "gj": "156", "dabh": "310000123456",
		"zxbh": "3110012345678", "zjcx": "A2D", "yzjcx": "B2", "zt": "BDJ", "ljjf": "0", "qfrq": "2027-05-09", "cfrq": "2026-10-01",
		"xxtzrq": "2026-10-02", "cclzrq": "1980-05-09", "ccfzjg": "京A", "fzrq": "2020-05-09", "fzjg": "沪A", "jzqx": "6年",
		"yxqs": "2020-05-09", "yxqz": "2026-05-09", "syrq": "2026-06-01", "syyxqz": "2026-07-01", "bzcs": "2", "sxbj": "2",
		"lxzsxxdz": "上海市演示路1号", "lxdh": "02100000000", "sjhm": "13800000000", "gxsj": "2026-11-20 08:30:00",
	}
	for i := 0; i < len(changes); i += 2 {
		row[changes[i]] = changes[i+1]
	}
	return row
}

func TestLicenceReadsEveryColumn(t *testing.T) {
	t.Parallel()
	licence, err := row.Licence(columns())
	if err != nil {
		t.Fatal(err)
	}
	if *licence.Points != 0 || *licence.Replacements != 2 {
		t.Errorf("points %d, replacements %d", *licence.Points, *licence.Replacements)
	}
	if !licence.UpdatedAt.Equal(time.Date(2026, 11, 20, 0, 30, 0, 0, time.UTC)) {
		t.Errorf("updated at %v", licence.UpdatedAt)
	}
	wantTexts := map[string]string{
		licence.Name: "张三", licence.IDNumber: number, licence.IDType: "A", licence.Sex: "1", licence.Nationality: "156",
		licence.FileNumber: "310000123456", licence.CardNumber: "3110012345678", string(licence.Status): "BDJ",
		licence.FirstIssuer: "京A", licence.Issuer: "沪A", licence.Probation: "2", licence.Address: "上海市演示路1号",
		licence.Phone: "13800000000",
	}
	for got, want := range wantTexts {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	wantDates := map[string]exchange.Date{
		"1949-12-31": licence.BirthDate, "2027-05-09": licence.CycleEnd, "2026-10-01": licence.OverLimitOn,
		"2026-10-02": licence.StudyNoticeOn, "1980-05-09": licence.FirstIssued, "2026-05-09": licence.ValidUntil,
		"2026-06-01": licence.NextInspection, "2026-07-01": licence.InspectedUntil,
	}
	for want, got := range wantDates {
		if got.String() != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
	if licence.IssuedOn.String() != "2020-05-09" || licence.ValidFrom.String() != "2020-05-09" {
		t.Errorf("issued on %v, valid from %v", licence.IssuedOn, licence.ValidFrom)
	}
	wantClasses(t, licence.Classes, "A2", "D")
	wantClasses(t, licence.FormerClasses, "B2")
}

func wantClasses(t *testing.T, got []exchange.Class, want ...exchange.Class) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("classes %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("classes %v, want %v", got, want)
		}
	}
}

func TestLicenceOfFewColumns(t *testing.T) {
	t.Parallel()
	licence, err := row.Licence(map[string]string{"sfzmhm": "11010519491231002x", "xm": " 张三 ", "zt": "A?", "lxdh": "02100000000"})
	if err != nil {
		t.Fatal(err)
	}
	if licence.IDNumber != number || licence.Name != "张三" || licence.Status != "A?" || licence.Phone != "02100000000" {
		t.Errorf("got %q %q %q %q", licence.IDNumber, licence.Name, licence.Status, licence.Phone)
	}
	if licence.Points != nil || licence.Replacements != nil || licence.Classes != nil || licence.LongTerm || !licence.UpdatedAt.IsZero() {
		t.Error("an absent column was given a value")
	}
}

func TestLicenceLeavesOutUnreadableClasses(t *testing.T) {
	t.Parallel()
	for _, zjcx := range []string{"A1Q", "O1", "小型汽车", "C1,D", "C"} {
		licence, err := row.Licence(columns("zjcx", zjcx))
		if err != nil || licence.Classes != nil {
			t.Errorf("%q: classes %v, error %v", zjcx, licence.Classes, err)
		}
	}
}

func TestLicenceValidity(t *testing.T) {
	t.Parallel()
	cases := []struct {
		yxqz, jzqx string
		until      string
		longTerm   bool
	}{
		{"2026-05-09", "6年", "2026-05-09", false},
		{"20260509", "6年", "2026-05-09", false},
		{"2026-05-09 00:00:00.0", "", "2026-05-09", false},
		{"9999-12-31", "", "", true},
		{"9999-12-31 00:00:00", "长期", "", true},
		{"", "长期", "", true},
		{"长期", "", "", true},
		{"", "", "", false},
		{"", "10年", "", false},
		{"2026-05-09", "长期", "2026-05-09", false},
	}
	for _, c := range cases {
		licence, err := row.Licence(columns("yxqz", c.yxqz, "jzqx", c.jzqx))
		if err != nil || licence.LongTerm != c.longTerm || licence.ValidUntil.String() != c.until {
			t.Errorf("yxqz %q, jzqx %q: %v, %v, error %v", c.yxqz, c.jzqx, licence.ValidUntil, licence.LongTerm, err)
		}
	}
}

func TestLicenceRefusesWrongColumns(t *testing.T) {
	t.Parallel()
	cases := []struct{ column, value string }{
		{"sfzmhm", ""}, {"xm", " "}, {"ljjf", "-1"}, {"ljjf", "十二"}, {"ljjf", "1.5"}, {"ljjf", "+3"}, {"ljjf", "99999999"},
		{"bzcs", "x1"}, {"yxqz", "2026-02-30"}, {"cclzrq", "0000-00-00"}, {"csrq", "1949/13/31"}, {"qfrq", "明年五月"},
		{"gxsj", "2026-11-20"}, {"gxsj", "2026-11-20T08:30:00Z"}, {"gxsj", "2026-11-20 25:30:00"}, {"fzrq", "2026-05-09x"},
	}
	for _, c := range cases {
		_, err := row.Licence(columns(c.column, c.value))
		if exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Errorf("%s %q: error %v", c.column, c.value, err)
			continue
		}
		text := err.Error()
		if !strings.Contains(text, "column "+c.column) || strings.TrimSpace(c.value) != "" && strings.Contains(text, c.value) {
			t.Errorf("%s %q: the text is %q", c.column, c.value, text)
		}
	}
}

func TestLicenceTimesMayHaveAFraction(t *testing.T) {
	t.Parallel()
	licence, err := row.Licence(columns("gxsj", "2026-11-20 08:30:00.0"))
	if err != nil || licence.UpdatedAt.Format(time.RFC3339) != "2026-11-20T08:30:00+08:00" {
		t.Errorf("got %v, error %v", licence.UpdatedAt, err)
	}
}

func TestAsOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, exchange.Shanghai())
	cases := []struct {
		synchronised string
		want         time.Time
		code         exchange.Code
	}{
		{"2026-11-24 03:00:00", now.Add(-9 * time.Hour), ""},
		{"2026-11-24 12:00:00.0", now, ""},
		{"", now.Add(-24 * time.Hour), ""},
		{"2026-11-24 12:00:01", now.Add(time.Second), ""},
		{"yesterday", time.Time{}, exchange.SourceInvalid},
	}
	for _, c := range cases {
		got, err := row.AsOf(columns("cd_time", c.synchronised), now, 24*time.Hour)
		if !got.Equal(c.want) || exchange.CodeOf(err) != c.code {
			t.Errorf("cd_time %q: %v, error %v", c.synchronised, got, err)
		}
	}
}
