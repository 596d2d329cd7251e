package changefeed

import (
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// window is what a stint has in its hands: entries of one partition, taken up in the order of writing, with one way for each
// licence. The entries of a way go one after the other, ways do not wait for each other. It is owned by one goroutine.
type window struct {
	entries []*item          // taken up and not passed by the floor, in the order of writing
	floor   journal.Revision // all entries up to it are done or set aside
	last    journal.Revision // taken up lastly
	ways    map[string]*way
	waiting []*way           // those that nobody works on, in the order of their turns
	resting map[string]*item // by licence: what was told lately, and what comes after it waits until that can't be forgotten
}

// item is one entry.
type item struct {
	entry journal.Entry // of one that was set aside before, key, revision and time only
	done  bool
	aside bool // it was set aside: the cursor passes it
}

// way is what is to be told of one licence.
type way struct {
	licence string
	items   []*item
	due     time.Time // not before; by the monotonic clock, which nobody sets
	trouble trouble   // with the first item; owned by who works on the way
}

// trouble is what was tried with one entry.
type trouble struct {
	since    time.Time
	attempts int
	history  []Failure
}

func newWindow() *window { return &window{ways: map[string]*way{}, resting: map[string]*item{}} }

// take takes an entry up.
func (w *window) take(entry journal.Entry) *way {
	it := &item{entry: entry}
	w.entries, w.last = append(w.entries, it), entry.Revision
	return w.join(it)
}

// join puts an item at the end of its licence's way.
func (w *window) join(it *item) *way {
	key := it.entry.Key
	found := w.ways[key]
	if found == nil {
		found = &way{licence: key}
		w.ways[key] = found
		if w.resting[key] == nil {
			w.waiting = append(w.waiting, found)
		}
	}
	found.items = append(found.items, it)
	found.due = time.Time{} // news of a licence is reason to try it again
	return found
}

// start gives the way whose turn it is, to be ended by done or again; nil: none is due. A probe does not wait until a way that
// holds up the floor is due.
func (w *window) start(now time.Time, probe bool) *way {
	found := slices.IndexFunc(w.waiting, func(c *way) bool { return probe && !c.items[0].aside || !c.due.After(now) })
	if found < 0 {
		return nil
	}
	chosen := w.waiting[found]
	w.waiting = slices.Delete(w.waiting, found, found+1)
	return chosen
}

// done ends the work on a way's first item. Its next one has its turn after the others; with rest not before [window.rested] has heard that
// this one is done for good.
func (w *window) done(c *way, rest bool) {
	it := c.items[0]
	it.done = true
	c.items, c.due, c.trouble = c.items[1:], time.Time{}, trouble{}
	if rest {
		w.resting[c.licence] = it
	}
	if len(c.items) == 0 {
		delete(w.ways, c.licence)
	} else if !rest {
		w.waiting = append(w.waiting, c)
	}
	w.settle()
}

// rested lets licences go on whose told entry is done for good.
func (w *window) rested(forGood func(*item) bool) {
	for licence, it := range w.resting {
		if !forGood(it) {
			continue
		}
		delete(w.resting, licence)
		if c := w.ways[licence]; c != nil {
			w.waiting = append(w.waiting, c)
		}
	}
}

// again gives a way back whose first item has to be tried again.
func (w *window) again(c *way, due time.Time) {
	c.due = due
	w.waiting = append(w.waiting, c)
}

// settle moves the floor over what is done or set aside.
func (w *window) settle() {
	passed := 0
	for passed < len(w.entries) && (w.entries[passed].done || w.entries[passed].aside) {
		w.floor = w.entries[passed].entry.Revision
		passed++
	}
	clear(w.entries[:passed]) // they may be large
	w.entries = w.entries[passed:]
}

// isWaiting reports whether nobody works on a way.
func (w *window) isWaiting(c *way) bool { return slices.Contains(w.waiting, c) }

// soonest gives when the first of the waiting ways can be started, zero for at once; false: none waits.
func (w *window) soonest(probe bool) (soonest time.Time, any bool) {
	for i, c := range w.waiting {
		due := c.due
		if probe && !c.items[0].aside {
			due = time.Time{}
		}
		if i == 0 || due.Before(soonest) {
			soonest = due
		}
	}
	return soonest, len(w.waiting) > 0
}

// hurry makes everything due.
func (w *window) hurry() {
	for _, c := range w.waiting {
		c.due = time.Time{}
	}
}
