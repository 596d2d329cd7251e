package exchange

import (
	"fmt"
	"time"
)

// Date is a calendar day without time or zone, as the licence tables hold them. The zero value is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Shanghai is the zone of every local time in the platforms' formats (Asia/Shanghai, without summer time since 1991).
func Shanghai() *time.Location { return shanghai }

var shanghai = time.FixedZone("CST", 8*60*60)

// ParseDate reads yyyy-MM-dd, yyyyMMdd or yyyy/MM/dd, years 1 to 9999, each also when a blank or T and a time of day follow.
// A time with a zone (Z, +08:00, +0000) is turned into the day in China: serialisers that write UTC move a midnight to the
// evening before. An empty string is the zero Date. The error does not repeat the text.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	if date, ok := plainDate(s); ok {
		return date, nil
	}
	for _, layout := range []string{"2006-01-02", "20060102", "2006/01/02"} {
		if len(s) < len(layout) {
			continue
		}
		for _, clock := range clockLayouts(s[len(layout):]) {
			t, err := time.ParseInLocation(layout+clock, s, shanghai)
			if date := Today(t); err == nil && date.Year >= 1 && date.Year <= 9999 {
				return date, nil
			}
		}
	}
	return Date{}, fmt.Errorf("a date of %d characters is not yyyy-MM-dd", len(s))
}

// clockLayouts gives the layouts that what follows a date may have.
func clockLayouts(rest string) []string {
	switch {
	case rest == "":
		return []string{""}
	case rest[0] == ' ':
		return []string{" 15:04:05", " 15:04", " 15:04:05Z07:00", " 15:04:05Z0700"}
	case rest[0] == 'T':
		return []string{"T15:04:05", "T15:04", "T15:04:05Z07:00", "T15:04:05Z0700"}
	}
	return nil
}

// DateOf gives t's day in t's own zone.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// Today gives the day in China at the moment now.
func Today(now time.Time) Date { return DateOf(now.In(shanghai)) }

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Time gives the first moment of the day in China.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, shanghai) }

// AddDays gives the date n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool {
	if d.Year != other.Year {
		return d.Year < other.Year
	}
	if d.Month != other.Month {
		return d.Month < other.Month
	}
	return d.Day < other.Day
}

// AnniversaryIn gives the same month and day in another year; 29 February becomes 28 February in common years (C29 in the
// register of assumptions).
func (d Date) AnniversaryIn(year int) Date {
	if d.Month == time.February && d.Day == 29 && !leap(year) {
		return Date{year, time.February, 28}
	}
	return Date{year, d.Month, d.Day}
}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// String gives yyyy-MM-dd, and "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return string(d.Append(make([]byte, 0, len("2006-01-02"))))
}

// Append adds yyyy-MM-dd to a text, and nothing for no date.
func (d Date) Append(text []byte) []byte {
	if d.IsZero() {
		return text
	}
	if d.Year < 0 || d.Year > 9999 || d.Month > 99 || d.Day > 99 || d.Month < 0 || d.Day < 0 { // no date that anybody reads
		return fmt.Appendf(text, "%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
	}
	text = appendPair(appendPair(text, d.Year/100), d.Year%100)
	text = appendPair(append(text, '-'), int(d.Month))
	return appendPair(append(text, '-'), d.Day)
}

func appendPair(text []byte, n int) []byte { return append(text, '0'+byte(n/10), '0'+byte(n%10)) }

// MarshalText gives yyyy-MM-dd.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDate] reads.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// FullYears gives the number of whole years from d to day, as an age is counted: the birthday completes a year, and who was
// born on 29 February completes it on 28 February in common years (民法典 art. 202: without a corresponding day, the last of
// the month). It is 0 if either date is missing and negative if day lies before d.
func (d Date) FullYears(day Date) int {
	if d.IsZero() || day.IsZero() {
		return 0
	}
	years := day.Year - d.Year
	if day.Before(d.AnniversaryIn(day.Year)) {
		years--
	}
	return years
}
