package watch

import (
	"testing"
	"time"
)

func at(seconds float64) time.Time {
	return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC).Add(time.Duration(seconds * float64(time.Second)))
}

func TestRingForgets(t *testing.T) {
	t.Parallel()
	r := newRing(time.Second, 10)
	for second := range 25 {
		r.add(at(float64(second)), second%2 == 0)
	}
	for within, want := range map[time.Duration]Rate{time.Second: {1, 1}, 3 * time.Second: {3, 2}, 10 * time.Second: {10, 5}} {
		if got := r.sum(at(24.9), within); got != want {
			t.Errorf("%s: %+v, want %+v", within, got, want)
		}
	}
	if got := r.sum(at(40), 10*time.Second); got != (Rate{}) {
		t.Errorf("after a silence: %+v", got)
	}
	r.add(at(3), true) // the clock was turned back
	if got := r.sum(at(24.9), 10*time.Second); got.Tried > 11 || got.Tried < 10 {
		t.Errorf("after the clock was turned back: %+v", got)
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	tally := newTally()
	if left := tally.budgetLeft(at(0), .995); left != 1 {
		t.Errorf("untouched: %g", left)
	}
	for i := range 1000 {
		tally.add(at(float64(i*60)), i%200 != 0) // 5 of 1,000: just what is permitted
	}
	if left := tally.budgetLeft(at(60_000), .995); left > 1e-9 || left < -1e-9 {
		t.Errorf("used up: %g", left)
	}
	if left := tally.budgetLeft(at(60_000), .999); left > -3.99 || left < -4.01 {
		t.Errorf("overdrawn: %g", left)
	}
	if left := tally.budgetLeft(at(60_000+31*24*3600), .995); left != 1 {
		t.Errorf("after a month: %g", left)
	}
}

func TestQuantilesAreRightToAnEighth(t *testing.T) {
	t.Parallel()
	var s spread
	for i := 1; i <= 1000; i++ {
		s.add(at(0), time.Duration(i)*time.Millisecond)
	}
	got := s.quantiles(at(1))
	for name, c := range map[string]struct{ got, want float64 }{"p50": {got.P50, .5}, "p95": {got.P95, .95}, "p99": {got.P99, .99}} {
		if c.got < c.want || c.got > c.want*1.126 {
			t.Errorf("%s: %g, want %g", name, c.got, c.want)
		}
	}
	if got := s.quantiles(at(400)); got != (Latency{}) {
		t.Errorf("after five minutes: %+v", got)
	}
}

func TestEveryTimeHasItsBucket(t *testing.T) {
	t.Parallel()
	last := -1
	for micros := int64(0); micros < 1<<28; micros += 1 + micros/64 {
		bucket := bucketOf(time.Duration(micros) * time.Microsecond)
		if bucket < last || bucket >= buckets || bucket < buckets-1 && (uint64(micros) >= upperOf(bucket) || micros > 8 && float64(upperOf(bucket)) > float64(micros)*1.126) {
			t.Fatalf("%d µs: bucket %d up to %d µs, after %d", micros, bucket, upperOf(bucket), last)
		}
		last = bucket
	}
	if bucketOf(-time.Second) != 0 || bucketOf(time.Hour) != buckets-1 {
		t.Error("out of range")
	}
}
