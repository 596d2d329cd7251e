package gateway

import (
	"crypto/rand"
	"errors"
	"testing"
	"testing/iotest"
	"time"
)

func TestIDsCarryTheirMoment(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 4, 0, 0, 123_456_789, time.UTC)
	first, err := timedID(at, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	second, err := timedID(at, rand.Reader)
	if err != nil || first == second {
		t.Errorf("%s twice, %v", first, err)
	}
	if got := time.Unix(first.Time().UnixTime()); first.Version() != 7 || !got.Equal(at.Truncate(time.Millisecond)) {
		t.Errorf("%s, version %d, of %s", first, first.Version(), got)
	}
	if early, err := timedID(time.Time{}, rand.Reader); err != nil || !time.Unix(early.Time().UnixTime()).Equal(time.Unix(0, 0)) {
		t.Errorf("%s, %v", early, err)
	}
	if _, err := timedID(at, iotest.ErrReader(errors.New("no chance"))); err == nil {
		t.Error("an id without chance")
	}
}
