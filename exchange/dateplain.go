package exchange

import "time"

// plainDate reads the two usual spellings, yyyy-MM-dd and yyyyMMdd, without time's parser: a licence has ten dates. ok is false for
// whatever else, right or wrong.
func plainDate(s string) (date Date, ok bool) {
	switch {
	case len(s) == len("2006-01-02") && s[4] == '-' && s[7] == '-':
		date, ok = dateOfDigits(s[:4], s[5:7], s[8:])
	case len(s) == len("20060102"):
		date, ok = dateOfDigits(s[:4], s[4:6], s[6:])
	}
	return date, ok && date.exists()
}

func dateOfDigits(year, month, day string) (Date, bool) {
	y, yearOK := digits(year)
	m, monthOK := digits(month)
	d, dayOK := digits(day)
	return Date{y, time.Month(m), d}, yearOK && monthOK && dayOK
}

func digits(s string) (number int, ok bool) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		number = number*10 + int(c-'0')
	}
	return number, true
}

// exists reports whether there is such a day in the years 1 to 9999.
func (d Date) exists() bool {
	if d.Year < 1 || d.Year > 9999 || d.Month < time.January || d.Month > time.December || d.Day < 1 {
		return false
	}
	return d.Day <= daysIn(d.Year, d.Month)
}

func daysIn(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if leap(year) {
			return 29
		}
		return 28
	}
	return 31
}
