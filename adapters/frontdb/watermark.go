package frontdb

import (
	"math"
	"time"
)

// Watermark is the place in a table up to which rows were read: rows are ordered by their time and, within one moment, by their id.
// The zero value is the beginning. It is the caller's to keep, as JSON, and to keep only after what was read is durable.
type Watermark struct {
	Time time.Time `json:"time,omitzero"`
	ID   int64     `json:"id,omitzero"`
}

// back gives the place from which a new pass reads, so far behind that rows which became visible late are found.
func (w Watermark) back(overlap time.Duration) Watermark {
	if w.Time.IsZero() {
		return Watermark{Time: time.Date(1999, time.December, 31, 0, 0, 0, 0, time.UTC), ID: math.MinInt64} // before all that the tables take
	}
	return Watermark{Time: w.Time.Add(-overlap), ID: math.MinInt64}
}

func (w Watermark) before(other Watermark) bool {
	if w.Time.Equal(other.Time) {
		return w.ID < other.ID
	}
	return w.Time.Before(other.Time)
}

// raised gives the watermark after the row at the place. It never goes back, which the overlap would make it do, and never ahead of
// the clock: a row dated 2099 must not hide those of tomorrow.
func (w Watermark) raised(place Watermark, now time.Time) Watermark {
	if place.Time.After(now) || place.before(w) {
		return w
	}
	return place
}
