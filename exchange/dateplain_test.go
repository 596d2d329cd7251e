package exchange

import (
	"fmt"
	"testing"
	"time"
)

// TestPlainDatesAreTheCalendars: what is read without time's parser is what that reads, around the ends of all months.
func TestPlainDatesAreTheCalendars(t *testing.T) {
	t.Parallel()
	for _, year := range []int{0, 1, 4, 100, 400, 1899, 1900, 2000, 2023, 2024, 2100, 9999} {
		for month := range 14 {
			for _, day := range []int{0, 1, 27, 28, 29, 30, 31, 32, 99} {
				for layout, text := range map[string]string{
					"2006-01-02": fmt.Sprintf("%04d-%02d-%02d", year, month, day), "20060102": fmt.Sprintf("%04d%02d%02d", year, month, day),
				} {
					want, err := time.Parse(layout, text)
					got, ok := plainDate(text)
					if ok != (err == nil && year > 0) || ok && got != DateOf(want) {
						t.Errorf("%s: %v, %v, want %v, %v", text, got, ok, want, err)
					}
				}
			}
		}
	}
	for _, text := range []string{"", "2024-01-0a", "2024/01/02", "2024-1-023", "+024-01-02", "2024-01-02 ", "２０２４", "2024010x", "-0240102"} {
		if got, ok := plainDate(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// TestDateIsWrittenAsFmtDoes, also one that does not exist.
func TestDateIsWrittenAsFmtDoes(t *testing.T) {
	t.Parallel()
	for _, date := range []Date{{1, 1, 1}, {2024, 2, 29}, {9999, 12, 31}, {0, 1, 1}, {12345, 1, 1}, {-1, 1, 1}, {2024, 100, 1}, {2024, 1, -1}} {
		if got, want := date.String(), fmt.Sprintf("%04d-%02d-%02d", date.Year, int(date.Month), date.Day); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
