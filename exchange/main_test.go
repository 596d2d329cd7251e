package exchange

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The invented citizen of these tests. The ID number is the example of GB 11643 and belongs to nobody.
const (
	citizenName = "阿卜杜拉·买买提"
	citizenID   = "11010519491231002X"
)

// now is noon in China on 24 November 2026.
func now() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }

func idNumber(t testing.TB, s string) IDNumber {
	t.Helper()
	n, err := ParseIDNumber(s, now())
	if err != nil {
		t.Fatalf("ParseIDNumber: %v", err)
	}
	return n
}

func date(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatalf("ParseDate(%q): %v", s, err)
	}
	return d
}

func ptr[T any](v T) *T { return &v }
