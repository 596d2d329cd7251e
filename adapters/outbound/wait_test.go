package outbound

import (
	"bytes"
	"errors"
	"testing"
	"testing/iotest"
	"time"
)

// What a platform advises is followed up to a second; else the wait is a random part of a bound that doubles up to the same.
func TestWaits(t *testing.T) {
	t.Parallel()
	highest := bytes.Repeat([]byte{0xFF}, 8)
	for name, c := range map[string]struct {
		attempt int
		advised time.Duration
		random  []byte
		low     time.Duration
		high    time.Duration
	}{
		"advised":                 {1, 300 * time.Millisecond, nil, 300 * time.Millisecond, 300 * time.Millisecond},
		"advised too long":        {1, 30 * time.Second, nil, time.Second, time.Second},
		"first":                   {1, 0, highest, 0, 50 * time.Millisecond},
		"luckiest":                {1, 0, make([]byte, 8), 0, 0},
		"third":                   {3, 0, highest, 0, 200 * time.Millisecond},
		"never over a second":     {5, 0, highest, 0, time.Second},
		"no randomness to be had": {2, 0, nil, 100 * time.Millisecond, 100 * time.Millisecond},
	} {
		config := Config{}.filled()
		deps := Deps{Random: iotest.ErrReader(errors.New("empty"))}
		if c.random != nil {
			deps.Random = bytes.NewReader(c.random)
		}
		one := &call{client: &Client{config: config, deps: deps}, attempt: c.attempt}
		if got := one.nextWait(c.advised); got < c.low || got > c.high {
			t.Errorf("%s: %v, want %v to %v", name, got, c.low, c.high)
		}
	}
}
