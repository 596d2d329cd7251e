package changefeed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Status says where one platform stands.
type Status struct {
	Platform string
	Entries  uint64        // entries of the ledger that it was not offered yet, or does not take; not each is one to be told
	Oldest   time.Time     // when the oldest of them was stored, UTC; zero if there is none
	Lag      time.Duration // how long that one has waited
	Aside    int           // licences among them that it does not take though it takes others'
	Parked   int           // deliveries that wait for an operator
	Health   Health
}

// Status gives the status of every platform, by name. It reads the whole parking.
func (d *Dispatcher) Status(ctx context.Context) ([]Status, error) {
	var all []Status
	for _, e := range d.roster.all() {
		status, err := e.status(ctx, d.cfg.Clock())
		if err != nil {
			return nil, err
		}
		all = append(all, status)
	}
	parked := map[string]int{} // counted last: what is parked meanwhile shows twice rather than nowhere
	err := d.cfg.Parking.List(ctx, Selection{}, func(p Parked) error { parked[p.Platform]++; return nil })
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Parked = parked[all[i].Platform]
	}
	slices.SortFunc(all, func(a, b Status) int { return cmp.Compare(a.Platform, b.Platform) })
	return all, nil
}

func (e *endpoint) status(ctx context.Context, now time.Time) (Status, error) {
	status := Status{Platform: e.Platform}
	for _, l := range e.lanes {
		cursor, err := l.open(ctx)
		if err != nil {
			return status, err
		}
		backlog, err := cursor.Pending(ctx)
		if err != nil {
			return status, errors.Join(fmt.Errorf("status of %s", e.Platform), err)
		}
		set, err := l.asides(ctx)
		if err != nil {
			return status, err
		}
		status.add(set, backlog.After)
		status.Entries += backlog.Entries
		if !backlog.Oldest.IsZero() && (status.Oldest.IsZero() || backlog.Oldest.Before(status.Oldest)) {
			status.Oldest = backlog.Oldest
		}
	}
	if !status.Oldest.IsZero() {
		status.Lag = max(0, now.Sub(status.Oldest))
	}
	if err := e.health.load(ctx); err != nil {
		return status, err
	}
	status.Health, _ = e.health.now()
	return status, nil
}

// add counts what a lane has set aside. What its cursor has not passed yet is in the backlog already.
func (s *Status) add(set *asides, passed journal.Revision) {
	s.Aside += len(set.list)
	for _, one := range set.list {
		for _, entry := range one.Entries {
			if entry.Revision > passed {
				continue
			}
			s.Entries++
			if s.Oldest.IsZero() || entry.Stored.Before(s.Oldest) {
				s.Oldest = entry.Stored
			}
		}
	}
}
