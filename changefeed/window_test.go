package changefeed

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// windowModel is a window with what must be true of it, in the plainest words.
type windowModel struct {
	*window
	taken   []journal.Entry
	told    map[journal.Revision]bool
	passed  map[journal.Revision]bool // told or set aside
	working map[string]*way
	rest    map[string]journal.Revision // told, and not yet for good
}

// TestWindowKeepsTheOrderOfEachLicence drives a window at random: a licence's entries are worked on one by one and in order, no two
// of one licence at once, and the floor is where everything up to it has ended, never further.
func TestWindowKeepsTheOrderOfEachLicence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := &windowModel{window: newWindow(), told: map[journal.Revision]bool{}, passed: map[journal.Revision]bool{}, working: map[string]*way{}, rest: map[string]journal.Revision{}}
		now := time.Now()
		t.Repeat(map[string]func(*rapid.T){
			"take": func(t *rapid.T) {
				entry := journal.Entry{Key: fmt.Sprint(rapid.IntRange(0, 4).Draw(t, "licence")), Revision: journal.Revision(len(m.taken) + 1)}
				m.taken = append(m.taken, entry)
				m.take(entry)
			},
			"start": func(t *rapid.T) {
				probe := rapid.Bool().Draw(t, "probe")
				chosen := m.start(now, probe)
				if chosen == nil {
					m.mustBeIdle(t, now, probe)
					return
				}
				m.mustBeNext(t, chosen)
				m.working[chosen.licence] = chosen
			},
			"done": func(t *rapid.T) {
				if c := m.anyOf(t, m.working); c != nil {
					m.told[c.items[0].entry.Revision], m.passed[c.items[0].entry.Revision] = true, true
					delete(m.working, c.licence)
					rest := rapid.Bool().Draw(t, "rest")
					if rest {
						m.rest[c.licence] = c.items[0].entry.Revision
					}
					m.done(c, rest)
				}
			},
			"rested": func(t *rapid.T) {
				upTo := journal.Revision(rapid.IntRange(0, len(m.taken)).Draw(t, "up to"))
				m.rested(func(it *item) bool { return it.entry.Revision <= upTo })
				maps.DeleteFunc(m.rest, func(_ string, told journal.Revision) bool { return told <= upTo })
			},
			"again": func(t *rapid.T) {
				if c := m.anyOf(t, m.working); c != nil {
					delete(m.working, c.licence)
					m.again(c, now.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "due"))*time.Hour))
				}
			},
			"set aside": func(t *rapid.T) {
				if len(m.waiting) == 0 {
					t.Skip()
				}
				for _, it := range rapid.SampledFrom(m.waiting).Draw(t, "way").items {
					it.aside, m.passed[it.entry.Revision] = true, true
				}
				m.settle()
			},
			"": m.check,
		})
	})
}

func (m *windowModel) anyOf(t *rapid.T, ways map[string]*way) *way {
	var all []*way
	for n := range 5 { // in an order that can be repeated
		if c := ways[fmt.Sprint(n)]; c != nil {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return rapid.SampledFrom(all).Draw(t, "way")
}

// mustBeNext: the licence's first entry that was not told, set aside or not, and nobody else works on the licence.
func (m *windowModel) mustBeNext(t *rapid.T, chosen *way) {
	if m.working[chosen.licence] != nil {
		t.Fatalf("two work on licence %s", chosen.licence)
	}
	if told, rests := m.rest[chosen.licence]; rests {
		t.Fatalf("licence %s goes on before revision %d is told for good", chosen.licence, told)
	}
	first := chosen.items[0]
	for _, entry := range m.taken {
		if entry.Key != chosen.licence || entry.Revision >= first.entry.Revision {
			continue
		}
		if !m.told[entry.Revision] {
			t.Fatalf("licence %s: %d before %d", chosen.licence, first.entry.Revision, entry.Revision)
		}
	}
}

func (m *windowModel) mustBeIdle(t *rapid.T, now time.Time, probe bool) {
	for _, c := range m.waiting {
		if !c.due.After(now) || probe && !c.items[0].aside {
			t.Fatalf("licence %s is due and has no turn", c.licence)
		}
	}
}

func (m *windowModel) check(t *rapid.T) {
	var floor journal.Revision
	for _, entry := range m.taken {
		if !m.passed[entry.Revision] {
			break
		}
		floor = entry.Revision
	}
	if m.floor != floor {
		t.Fatalf("floor %d, want %d", m.floor, floor)
	}
	for licence, c := range m.ways {
		if _, rests := m.rest[licence]; !rests && m.working[licence] == nil && !m.isWaiting(c) {
			t.Fatalf("licence %s is forgotten", licence)
		}
	}
	if len(m.entries) != len(m.taken)-int(floor) {
		t.Fatalf("%d entries in the window after %d of %d", len(m.entries), floor, len(m.taken))
	}
}
