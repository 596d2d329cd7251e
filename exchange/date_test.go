package exchange

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	cases := []struct{ in, want string }{
		{"2026-05-09", "2026-05-09"},
		{"20260509", "2026-05-09"},
		{"2026/05/09", "2026-05-09"},
		{"2026-05-09 23:59:59", "2026-05-09"},
		{"2026-05-09 00:00:00.0", "2026-05-09"}, // java.sql.Timestamp
		{"2026-05-09T08:30", "2026-05-09"},
		{"20260509 08:30:00", "2026-05-09"},
		{"2026/05/09 08:30:00", "2026-05-09"},
		{"2026-05-09T00:00:00+08:00", "2026-05-09"},
		{"2026-05-08T16:00:00.000+0000", "2026-05-09"}, // midnight in China, written in UTC
		{"2026-05-08T15:59:59Z", "2026-05-08"},
		{"2024-02-29", "2024-02-29"},
		{"2000-02-29", "2000-02-29"},
		{"9999-12-31", "9999-12-31"},
		{"0001-01-01", "0001-01-01"},
		{"", ""},
	}
	for _, c := range cases {
		got, err := ParseDate(c.in)
		if err != nil || got.String() != c.want {
			t.Errorf("%q: %v, error %v; want %s", c.in, got, err, c.want)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"2026-02-29", "1900-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "2026-05-00", "0000-00-00", "0000-01-01", "2026-5-9",
		"26-05-09", "09/05/2026", "2026.05.09", "2026年5月9日", "2026-05-09x", "2026-05-09 morning", "2026-05-09T", "2026-05-09 24:00:00",
		"2026-05-09 08:30:00 PM", " 2026-05-09", "2026-05-09 ", "202605091", "20260509083000", "2026", "长期", "9999-12-31T23:00:00Z", "２０２６",
	} {
		if got, err := ParseDate(in); err == nil || !got.IsZero() {
			t.Errorf("%q: read as %v", in, got)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	d := date(t, "2024-02-28")
	if d.AddDays(1) != date(t, "2024-02-29") || d.AddDays(2) != date(t, "2024-03-01") || d.AddDays(-59) != date(t, "2023-12-31") {
		t.Error("AddDays")
	}
	if !d.Before(d.AddDays(1)) || d.Before(d) || d.AddDays(1).Before(d) {
		t.Error("Before")
	}
	leapDay := date(t, "2024-02-29")
	for year, want := range map[int]string{2025: "2025-02-28", 2028: "2028-02-29", 2100: "2100-02-28", 2000: "2000-02-29"} {
		if got := leapDay.AnniversaryIn(year); got.String() != want {
			t.Errorf("anniversary in %d: %v", year, got)
		}
	}
	if got := d.AnniversaryIn(2028); got.String() != "2028-02-28" {
		t.Errorf("an ordinary day moved to %v", got)
	}
}

func TestFullYears(t *testing.T) {
	t.Parallel()
	cases := []struct {
		born, on string
		want     int
	}{
		{"2008-11-24", "2026-11-23", 17}, {"2008-11-24", "2026-11-24", 18}, {"2008-11-24", "2026-11-25", 18},
		{"2008-02-29", "2026-02-27", 17}, {"2008-02-29", "2026-02-28", 18}, {"2008-02-29", "2026-03-01", 18},
		{"2008-02-29", "2028-02-28", 19}, {"2008-02-29", "2028-02-29", 20},
		{"2026-11-24", "2026-11-24", 0}, {"2026-11-24", "2025-11-24", -1},
		{"", "2026-11-24", 0}, {"2008-11-24", "", 0},
	}
	for _, c := range cases {
		if got := date(t, c.born).FullYears(date(t, c.on)); got != c.want {
			t.Errorf("born %s, on %s: %d, want %d", c.born, c.on, got, c.want)
		}
	}
}

func TestTodayIsTheDayInChina(t *testing.T) {
	t.Parallel()
	evening := time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC)
	if got := Today(evening); got.String() != "2027-01-01" || DateOf(evening).String() != "2026-12-31" {
		t.Errorf("Today gives %v", got)
	}
	if start := date(t, "2027-01-01").Time(); !start.Equal(evening) || start.Location() != Shanghai() {
		t.Errorf("the day begins at %v", start)
	}
}

func TestDateAsText(t *testing.T) {
	t.Parallel()
	type pair struct{ From, Until Date }
	text, err := json.Marshal(pair{From: date(t, "2026-05-09")})
	if err != nil || string(text) != `{"From":"2026-05-09","Until":""}` {
		t.Fatalf("%s, error %v", text, err)
	}
	var back pair
	if err := json.Unmarshal(text, &back); err != nil || back.From != date(t, "2026-05-09") || !back.Until.IsZero() {
		t.Errorf("%v, error %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"From":"2026-02-30"}`), &back); err == nil || back.From != date(t, "2026-05-09") {
		t.Errorf("a day that does not exist was read: %v", back.From)
	}
}

func TestDateProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		born := Date{1900, time.January, 1}.AddDays(rapid.IntRange(0, 60000).Draw(t, "born"))
		on := born.AddDays(rapid.IntRange(0, 40000).Draw(t, "on"))
		years := born.FullYears(on)
		if on.Before(born.AnniversaryIn(born.Year+years)) || !on.Before(born.AnniversaryIn(born.Year+years+1)) {
			t.Fatalf("born %v, on %v: %d years", born, on, years)
		}
		if back, err := ParseDate(born.String()); err != nil || back != born {
			t.Fatalf("%v came back as %v, error %v", born, back, err)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-05-09", "20260509", "2026/05/09 08:30:00", "2026-05-08T16:00:00.000+0000", "2026-02-30", "长期"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			return
		}
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%q became %v and then %v, error %v", s, d, back, err)
		}
	})
}
