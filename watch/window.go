package watch

import "time"

// ring counts calls in equal spans of time and forgets the oldest span for each new one: its memory never grows.
type ring struct {
	span  time.Duration
	slots []slot
}

type slot struct {
	turn          int64 // which span since the epoch it counts; another one means that it is to be forgotten
	tried, worked uint32
}

func newRing(span time.Duration, slots int) ring { return ring{span, make([]slot, slots)} }

func (r *ring) add(now time.Time, worked bool) {
	turn := now.UnixNano() / int64(r.span)
	s := &r.slots[turn%int64(len(r.slots))]
	if s.turn < turn { // a clock that was turned back counts into what is there
		*s = slot{turn: turn}
	}
	s.tried++
	if worked {
		s.worked++
	}
}

// sum counts the spans that the last so much time touches, the one under way included.
func (r *ring) sum(now time.Time, within time.Duration) Rate {
	turn := now.UnixNano() / int64(r.span)
	first := turn - int64(within/r.span) + 1
	var sum Rate
	for i := range r.slots {
		if s := &r.slots[i]; s.turn >= first && s.turn <= turn {
			sum.Tried += int(s.tried)
			sum.Worked += int(s.worked)
		}
	}
	return sum
}

// failing reports whether over half of what was tried failed.
func (r Rate) failing() bool { return 2*(r.Tried-r.Worked) > r.Tried }

// minus takes away a part of what was counted.
func (r Rate) minus(part Rate) Rate {
	return Rate{max(0, r.Tried-part.Tried), max(0, r.Worked-part.Worked)}
}

// Share gives how much worked, 0 to 1; 1 if nothing was tried.
func (r Rate) Share() float64 {
	if r.Tried == 0 {
		return 1
	}
	return float64(r.Worked) / float64(r.Tried)
}

// The windows that calls are counted over.
const (
	recent      = 15 * time.Second // what "now" means for a light
	fiveMinutes = 5 * time.Minute
	hour        = time.Hour
	day         = 24 * time.Hour
	month       = 30 * day // of the error budget
)

// tally counts the calls of one adapter over all windows.
type tally struct {
	minutes ring // five minutes by the second
	hour    ring
	day     ring
	month   ring
}

func newTally() tally {
	return tally{newRing(time.Second, 300), newRing(time.Minute, 60), newRing(15*time.Minute, 96), newRing(6*time.Hour, 120)}
}

func (t *tally) add(now time.Time, worked bool) {
	t.minutes.add(now, worked)
	t.hour.add(now, worked)
	t.day.add(now, worked)
	t.month.add(now, worked)
}

// budgetLeft gives the part of the month's permitted failures that is left: 1 untouched, 0 used up, below 0 overdrawn.
func (t *tally) budgetLeft(now time.Time, objective float64) float64 {
	sum := t.month.sum(now, month)
	if sum.Tried == sum.Worked {
		return 1
	}
	permitted := (1 - objective) * float64(sum.Tried)
	return 1 - float64(sum.Tried-sum.Worked)/permitted
}
