package frontdb

import (
	"cmp"
	"errors"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Rhythm says when batches are due, in China's time.
type Rhythm struct {
	// Every is daily or weekly. Default daily.
	Every string `yaml:"every"`
	// At is the time of day as HH:MM. Default 02:30, when the platforms are idle.
	At string `yaml:"at"`
	// Weekday is the English name of the day of a weekly batch. Default Monday.
	Weekday string `yaml:"weekday"`
}

const (
	daily  = "daily"
	weekly = "weekly"
)

func (r Rhythm) filled() Rhythm {
	r.Every, r.At = cmp.Or(r.Every, daily), cmp.Or(r.At, "02:30")
	if r.Every == weekly {
		r.Weekday = cmp.Or(r.Weekday, time.Monday.String())
	}
	return r
}

func (r Rhythm) validate() error {
	_, known := r.weekday()
	_, err := r.clock()
	return errors.Join(
		require(r.Every == daily || r.Every == weekly, "rhythm.every", "want daily or weekly"),
		require(err == nil, "rhythm.at", "want a time of day such as 02:30"),
		require(r.Every == weekly && known || r.Weekday == "", "rhythm.weekday", "want the name of a day, such as Monday, for weekly only"),
	)
}

// Due gives the first moment after the given one at which a batch is due.
func (r Rhythm) Due(after time.Time) time.Time {
	r = r.filled()
	clock, _ := r.clock() // Validate made sure
	weekday, _ := r.weekday()
	day := exchange.Today(after)
	for {
		due := day.Time().Add(clock)
		if due.After(after) && (r.Every == daily || due.Weekday() == weekday) {
			return due
		}
		day = day.AddDays(1)
	}
}

// clock gives the time since midnight.
func (r Rhythm) clock() (time.Duration, error) {
	at, err := time.Parse("15:04", r.At)
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, err
}

func (r Rhythm) weekday() (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if r.Weekday == day.String() {
			return day, true
		}
	}
	return 0, false
}
