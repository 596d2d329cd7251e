package changefeed

import (
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// aside is a licence of which a platform does not take an entry though it takes others'. The cursor goes on without it; what is to be
// told of it, and what was tried, is kept in the marks until it is told or parked. It holds no personal data.
type aside struct {
	Licence  string       `json:"licence"`
	Entries  []asideEntry `json:"entries"` // in order
	Since    time.Time    `json:"since"`   // when the first of them failed first
	Attempts int          `json:"attempts"`
	History  []Failure    `json:"history"` // the latest, oldest first
	Due      time.Time    `json:"due"`     // of the next attempt
}

// asideEntry is one entry of it.
type asideEntry struct {
	Revision journal.Revision `json:"revision"`
	Stored   time.Time        `json:"stored"`
}

const (
	// asidesKept bounds the licences that one platform has set aside in one partition; the next one holds the cursor.
	asidesKept = 64

	// asideEntries bounds the entries of one licence that are set aside.
	asideEntries = 32

	// asideAfter is how long an entry may hold the cursor while others are taken. It holds up nobody meanwhile, but what was told
	// behind it would be told again after a restart.
	asideAfter = 5 * time.Second
)

// asides is what a lane has set aside, as the marks have it or will have it. It is owned by the lane's goroutine.
type asides struct {
	lane     *lane
	list     []*aside
	claimed  time.Time // another gateway tries them until then
	revision uint64    // of the marks
	dirty    bool      // the marks don't have it yet
	mine     bool      // no other gateway tries them: each store says so
}

// join puts what is set aside into a window that is still empty.
func (a *asides) join(w *window) {
	for _, one := range a.list {
		for i, entry := range one.Entries {
			it := &item{aside: true, entry: journal.Entry{
				Key: one.Licence, Revision: entry.Revision, StoredAt: entry.Stored, Partition: a.lane.partition,
			}}
			c := w.join(it)
			if i == 0 {
				c.trouble = trouble{one.Since, one.Attempts, one.History}
			}
			c.due = time.Now().Add(max(a.wait(one), a.claimed.Sub(a.lane.cfg.Clock())))
		}
	}
}

// wait is the time until one is due. Whoever switched the platform on since it was tried said that it works.
func (a *asides) wait(one *aside) time.Duration {
	health, _ := a.lane.endpoint.health.now()
	if n := len(one.History); n > 0 && health.Since.After(one.History[n-1].At) {
		return 0
	}
	return max(0, one.Due.Sub(a.lane.cfg.Clock()))
}

// due is the time until the first one is due for this gateway; false: there is none.
func (a *asides) due() (wait time.Duration, any bool) {
	for i, one := range a.list {
		if next := a.wait(one); i == 0 || next < wait {
			wait = next
		}
	}
	return max(wait, a.claimed.Sub(a.lane.cfg.Clock())), len(a.list) > 0
}

// add sets entries of a way aside; false: there is no room.
func (a *asides) add(c *way, fresh []*item, due time.Duration) bool {
	one := a.find(c.licence)
	if one == nil && len(a.list) >= asidesKept || one != nil && len(one.Entries)+len(fresh) > asideEntries || len(fresh) > asideEntries {
		return false
	}
	if one == nil {
		one = &aside{Licence: c.licence}
		a.list = append(a.list, one)
	}
	for _, it := range fresh {
		one.Entries = append(one.Entries, asideEntry{it.entry.Revision, it.entry.StoredAt})
	}
	a.note(one, &c.trouble, due)
	return true
}

// tried notes a failure of what is set aside.
func (a *asides) tried(c *way, due time.Duration) {
	if one := a.find(c.licence); one != nil && c.items[0].aside {
		a.note(one, &c.trouble, due)
	}
}

func (a *asides) note(one *aside, t *trouble, due time.Duration) {
	one.Since, one.Attempts, one.History, one.Due = t.since.UTC(), t.attempts, slices.Clone(t.history), a.lane.cfg.Clock().Add(due).UTC()
	a.dirty = true
}

// drop forgets an entry that was told or parked.
func (a *asides) drop(it *item) {
	one := a.find(it.entry.Key)
	if one == nil {
		return
	}
	a.dirty = true
	told := func(e asideEntry) bool { return e.Revision == it.entry.Revision }
	if one.Entries = slices.DeleteFunc(one.Entries, told); len(one.Entries) == 0 {
		a.list = slices.DeleteFunc(a.list, func(other *aside) bool { return other == one })
		return
	}
	one.Since, one.Attempts, one.History, one.Due = time.Time{}, 0, nil, time.Time{}
}

func (a *asides) find(licence string) *aside {
	for _, one := range a.list {
		if one.Licence == licence {
			return one
		}
	}
	return nil
}
