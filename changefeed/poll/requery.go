package poll

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Requery asks for every known licence anew, once in Every, spread evenly over it, and reports what differs from the source's last
// word. Where the quota does not allow so many questions a round takes longer.
type Requery struct {
	Base
	Asks  exchange.LicenceSource
	Known Licences
	Book  Book
}

// saveEvery is how often the place is kept: after a crash so much is asked again.
const saveEvery = 5 * time.Second

// Run polls until ctx ends, and goes on where an earlier run stopped. Its only error is that of members that are missing; what fails
// later is logged and waited out.
func (p *Requery) Run(ctx context.Context) error {
	if err := p.check(); err != nil {
		return err
	}
	if p.Asks == nil || p.Known == nil || p.Book == nil {
		return fmt.Errorf("poll %s: asks, known and book are required", p.Source)
	}
	w := &walk{Requery: p, mark: mark[stop]{marks: p.Marks, key: "requery/" + p.Source}}
	for ctx.Err() == nil {
		if err := w.partition(ctx); err != nil {
			w.waitOut(ctx, err)
		}
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveEvery)
	defer cancel()
	if err := w.save(finish); err != nil {
		p.trouble(finish, ModeRequery, err, 0)
	}
	return nil
}

// walk is where a run stands.
type walk struct {
	*Requery
	mark     mark[stop]
	place    stop
	known    bool      // place was read
	saved    time.Time // when the place was kept last
	failures int       // in a row
	missed   bool      // a licence of this round was given up
}

// partition walks through one part, or what is left of it, and moves to the next.
func (w *walk) partition(ctx context.Context) error {
	if err := w.load(ctx); err != nil {
		return err
	}
	queue, err := w.collect(ctx, w.place)
	if err != nil {
		return err
	}
	for len(queue) > 0 && ctx.Err() == nil {
		w.spread(ctx, len(queue))
		if ctx.Err() == nil {
			queue = w.one(ctx, queue)
		}
		if err := w.saveNowAndThen(ctx); err != nil {
			return err
		}
	}
	pause(ctx, w.until(w.place).Sub(w.Clock()))
	if ctx.Err() == nil {
		w.next()
	}
	return nil
}

// spread waits so that what is left is spread over the time that is left, and over the day's quota.
func (w *walk) spread(ctx context.Context, left int) {
	even := max(w.until(w.place).Sub(w.Clock())/time.Duration(left+1), w.Gate.Pace(), 0)
	pause(ctx, even/2+w.Random(even+1))
}

// most is how often in a row one licence is asked for, before and after it was put behind the others.
const most = 3

// one deals with the first of the queue and gives what is left. A licence for which the source fails again and again is put
// behind the others, so that it does not stop them, and after that it is left to the next round.
func (w *walk) one(ctx context.Context, queue []due) []due {
	first, rest := &queue[0], queue[1:]
	err := w.ask(ctx, first.licence)
	if ctx.Err() != nil {
		return queue // nobody knows; it is asked for again
	}
	if err == nil {
		w.failures = 0
	} else {
		w.waitOut(ctx, err)
	}
	if first.tries++; again(err) && first.tries < most {
		return queue
	}
	if !first.late {
		w.place.Revision = first.revision
	}
	if again(err) && !first.late {
		return append(rest, due{licence: first.licence, late: true})
	}
	w.missed = w.missed || err != nil
	return rest
}

func (w *walk) waitOut(ctx context.Context, err error) {
	w.failures++
	wait := w.Patience.wait(w.failures, advised(err), w.Random)
	w.trouble(ctx, ModeRequery, err, wait)
	pause(ctx, wait)
}

// next moves to the next part, or begins a new round.
func (w *walk) next() {
	w.place.Partition, w.place.Revision = w.place.Partition+1, 0
	if w.place.Partition < w.Known.Partitions() {
		return
	}
	if !w.missed {
		w.covered(ModeRequery, w.place.Round)
	}
	w.place, w.missed = stop{Round: w.Clock().UTC()}, false
}

// load reads the place, once. One that another number of parts left begins a new round.
func (w *walk) load(ctx context.Context) error {
	if w.known {
		return nil
	}
	place, found, err := w.mark.load(ctx)
	if err != nil {
		return err
	}
	if !found || place.Partition >= w.Known.Partitions() {
		place = stop{Round: w.Clock().UTC()}
	}
	w.place, w.known, w.saved = place, true, w.Clock()
	return nil
}

func (w *walk) saveNowAndThen(ctx context.Context) error {
	if w.Clock().Sub(w.saved) < saveEvery || ctx.Err() != nil {
		return nil
	}
	return w.save(ctx)
}

// save keeps the place. Another gateway's is written over: both walk, and either place leaves nothing out for good.
func (w *walk) save(ctx context.Context) error {
	if !w.known {
		return nil
	}
	w.saved = w.Clock()
	err := w.mark.store(ctx, w.place)
	if errors.Is(err, journal.ErrConflict) {
		if _, _, err = w.mark.load(ctx); err == nil {
			err = w.mark.store(ctx, w.place)
		}
	}
	return err
}
