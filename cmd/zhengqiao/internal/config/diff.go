package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// What happened to a part of a configuration.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// Change is one difference between two configurations. It shows which keys differ, and the values only of what is no text: so no secret
// that stands in the wrong place is ever shown.
type Change struct {
	Kind    string   // Added, Removed or Changed
	Section string   // such as platforms
	ID      string   // of the part of a list, such as suishenban; empty: the section is no list
	Keys    []string // that differ; empty for a part that is new or gone
	Restart bool     // it comes into force with the next start only
}

// String gives a line such as "changed platforms suishenban: keys[suishenban-2] added".
func (c Change) String() string {
	line := c.Kind + " " + c.Section
	if c.ID != "" {
		line += " " + c.ID
	}
	if len(c.Keys) > 0 {
		line += ": " + strings.Join(c.Keys, ", ")
	}
	if c.Restart {
		line += " (needs a restart)"
	}
	return line
}

// Diff gives what a reload from one configuration to the other changes, in the order of sections and ids. What the files behind references
// hold is not part of it.
func Diff(from, to *Config) []Change { return DiffSince(from, from, to) }

// DiffSince gives what a reload to the next configuration changes in a gateway that started with one and goes by another since. What needs
// a restart is held against the start, so that it is told until there is one; all else is held against what runs.
func DiffSince(start, running, next *Config) []Change {
	before, after := standing(start, running, next), leavesOf(next)
	parts := map[part]*Change{}
	for place := range union(before, after) {
		old, had := before[place]
		now, has := after[place]
		if had == has && old == now || place.goesWithItem(before, after) {
			continue
		}
		change := parts[place.part]
		if change == nil {
			change = &Change{Kind: Changed, Section: place.section, ID: place.id}
			parts[place.part] = change
		}
		if place.key != "" { // a section that is one value has no keys
			change.Keys = append(change.Keys, told(place.key, old, now, had, has))
		}
		change.Restart = change.Restart || needsRestart(place, start, next)
	}
	return sorted(parts, before, after)
}

// standing collects what is in force: of what needs a restart the values of the start.
func standing(start, running, next *Config) leaves {
	began, runs, all := leavesOf(start), leavesOf(running), leaves{}
	for place := range union(began, runs) {
		from := runs
		if needsRestart(place, start, next) {
			from = began
		}
		if value, there := from[place]; there {
			all[place] = value
		}
	}
	return all
}

// part is a section, or a part of one that is a list.
type part struct{ section, id string }

// place is a key of a part.
type place struct {
	part
	key string // such as limits.budget without its section, or keys[suishenban-1].public
}

// goesWithItem says that the whole item of a list in which the key stands, such as keys[suishenban-1], is new or gone: that is told once.
func (p place) goesWithItem(before, after leaves) bool {
	end := strings.LastIndex(p.key, "]") + 1
	if end == 0 || end == len(p.key) {
		return false
	}
	item := place{p.part, p.key[:end]}
	_, had := before[item]
	_, has := after[item]
	return had != has
}

func union(a, b leaves) map[place]bool {
	all := map[place]bool{}
	for p := range a {
		all[p] = true
	}
	for p := range b {
		all[p] = true
	}
	return all
}

func told(key string, old, now leaf, had, has bool) string {
	switch {
	case !had:
		return key + " added"
	case !has:
		return key + " removed"
	case old.shown && now.shown:
		return fmt.Sprintf("%s %s → %s", key, old.text, now.text)
	}
	return key + " changed"
}

// sorted puts the changes in order, and says of a part that is new or gone nothing but that.
func sorted(parts map[part]*Change, before, after leaves) []Change {
	had, has := partsOf(before), partsOf(after)
	var all []Change
	for p, change := range parts {
		switch {
		case p.id != "" && !had[p]:
			change.Kind, change.Keys = Added, nil
		case p.id != "" && !has[p]:
			change.Kind, change.Keys = Removed, nil
		}
		slices.Sort(change.Keys)
		all = append(all, *change)
	}
	slices.SortFunc(all, func(a, b Change) int { return cmp.Or(cmp.Compare(a.Section, b.Section), cmp.Compare(a.ID, b.ID)) })
	return all
}

func partsOf(all leaves) map[part]bool {
	parts := map[part]bool{}
	for p := range all {
		parts[p.part] = true
	}
	return parts
}
