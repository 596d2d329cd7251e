package watch

import (
	"maps"
	"slices"
	"time"
)

// Kept is what outlives a restart of an adapter's history: the counts behind the rates of an hour and a day and the error budget, and
// two moments. What lights go by is not in it: that must be observed anew. It is meant for JSON.
type Kept struct {
	Hour        []Span    `json:"hour,omitempty"`  // a minute each
	Day         []Span    `json:"day,omitempty"`   // 15 minutes each
	Month       []Span    `json:"month,omitempty"` // 6 hours each
	LastSuccess time.Time `json:"lastSuccess,omitzero"`
	Tested      time.Time `json:"tested,omitzero"`
}

// Span counts the calls of one span of time.
type Span struct {
	Turn   int64  `json:"t"` // the number of the span since 1970, in its own length
	Tried  uint32 `json:"n"`
	Worked uint32 `json:"w"`
}

// Keep gives the history of every adapter that has one, by id, to be recalled after a restart.
func (w *Watcher) Keep() map[string]Kept {
	now, all := w.clock(), map[string]Kept{}
	w.mu.RLock()
	defer w.mu.RUnlock()
	for id, s := range w.subjects {
		s.mu.Lock()
		kept := Kept{
			Hour: s.all.hour.spans(now), Day: s.all.day.spans(now), Month: s.all.month.spans(now), LastSuccess: later(now, s.lastBefore, s.lastSuccess), Tested: s.tested,
		}
		s.mu.Unlock()
		if len(kept.Month) > 0 || !kept.Tested.IsZero() {
			all[id] = kept
		}
	}
	return all
}

// Recall joins a kept history to what an adapter has seen since the start; it may be called once for each. Spans from the future and such
// as no counting makes are left out, and so is an unknown adapter.
func (w *Watcher) Recall(id string, kept Kept) {
	w.tell(id, func(s *subject, now time.Time) {
		s.all.hour.join(now, kept.Hour)
		s.all.day.join(now, kept.Day)
		s.all.month.join(now, kept.Month)
		s.lastBefore, s.tested = later(now, s.lastBefore, kept.LastSuccess), later(now, s.tested, kept.Tested)
	})
}

// later gives the later of two moments, but none that is still to come.
func later(now, seen, kept time.Time) time.Time {
	if kept.After(seen) && !kept.After(now) {
		return kept
	}
	return seen
}

// spans gives what the ring remembers, the spans without a call left out.
func (r *ring) spans(now time.Time) []Span {
	turn := now.UnixNano() / int64(r.span)
	var all []Span
	for i := range r.slots {
		if s := &r.slots[i]; s.tried > 0 && s.turn > turn-int64(len(r.slots)) {
			all = append(all, Span{s.turn, s.tried, s.worked})
		}
	}
	return all
}

// join adds spans that the ring still remembers.
func (r *ring) join(now time.Time, spans []Span) {
	turn := now.UnixNano() / int64(r.span)
	for _, kept := range spans {
		if kept.Turn > turn || kept.Turn <= turn-int64(len(r.slots)) || kept.Worked > kept.Tried {
			continue
		}
		s := &r.slots[kept.Turn%int64(len(r.slots))]
		if s.turn < kept.Turn {
			*s = slot{turn: kept.Turn}
		}
		s.tried, s.worked = s.tried+kept.Tried, s.worked+kept.Worked
	}
}

// Known gives the ids of the adapters, in order.
func (w *Watcher) Known() []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Sorted(maps.Keys(w.subjects))
}
