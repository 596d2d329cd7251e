package poll

import (
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// pass is one way through the changed rows, from an overlap before the watermark to where there are none left.
type pass struct {
	began   time.Time
	overlap time.Duration
	place   exchange.ChangePlace // behind which the next page begins
	rows    int                  // of the next page
	reached time.Time            // where the watermark may be moved
	fence   time.Time            // the watermark may not pass it in this pass; zero: no fence yet

	mostRows int     // that a page may grow to
	before   ending  // of the page before
	end      *ending // of the page behind which nothing came, also in passes before
}

// check refuses a page whose rows do not follow each other in time: what came next could not be told from what was left out.
func (p *pass) check(rows []exchange.ChangedRow) error {
	last := p.place.Moment
	for _, row := range rows {
		switch moment := row.Place.Moment; {
		case moment.IsZero():
		case moment.Truncate(time.Second).Before(last.Truncate(time.Second)):
			return exchange.Errorf(exchange.SourceInvalid, "the changed rows are not in the order of their time of update")
		default:
			last = moment
		}
	}
	return nil
}

// advance moves on behind a page that was taken, asked for at a moment, and reports whether the pass is over: the source has no more.
// That a page is not full does not prove it, for a source may give fewer rows than it was asked for; that nothing came behind it does,
// and is remembered, so that the next pass need not ask where all is as it was.
func (p *pass) advance(page *exchange.ChangedPage, at time.Time) (over bool, err error) {
	if page.Stuck {
		return false, p.grow()
	}
	last := p.last(page.Rows)
	moved := last != p.place
	if page.Full && !moved {
		return false, exchange.Errorf(exchange.SourceInvalid, "the source answers with a full page and does not get on")
	}
	here := ending{last, len(page.Rows)}
	if !moved {
		*p.end = p.before
	}
	p.place, p.before = last, here
	p.reach(last.Moment, at)
	return !page.Full && (!moved || here == *p.end), nil
}

// ending is a page's last row and size.
type ending struct {
	place exchange.ChangePlace
	rows  int
}

// grow makes the next page larger, so that it holds the rows of one moment and gets on.
func (p *pass) grow() error {
	if p.rows >= p.mostRows {
		return exchange.Errorf(exchange.SourceInvalid, "more rows have one time of update than a page can hold")
	}
	p.rows *= 2
	return nil
}

func (p *pass) last(rows []exchange.ChangedRow) exchange.ChangePlace {
	last := p.place
	for _, row := range rows {
		if !row.Place.Moment.IsZero() {
			last = row.Place
		}
	}
	return last
}

// reach notes how far the watermark may go: to the last row, but not ahead of the clock, for a row dated 2099 must not hide those of
// tomorrow; and not past the first page that came so near to the present that rows before its end may yet become visible. What
// follows such a page may be read much later, when that is no overlap ago any more.
func (p *pass) reach(last, at time.Time) {
	reached := last
	if at.Before(reached) {
		reached = at
	}
	if p.fence.IsZero() && last.After(at.Add(-2*p.overlap)) { // twice: the source's clock may be late
		p.fence = reached
	}
	if !p.fence.IsZero() && p.fence.Before(reached) {
		reached = p.fence
	}
	p.reached = reached
}
