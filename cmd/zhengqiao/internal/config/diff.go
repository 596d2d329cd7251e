package config

import (
	"cmp"
	"fmt"
	"maps"
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
func Diff(from, to *Config) []Change {
	before, after := leavesOf(from), leavesOf(to)
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
		change.Restart = change.Restart || needsRestart(place, from, to)
	}
	return sorted(parts, before, after)
}

// part is a section, or a part of one that is a list.
type part struct{ section, id string }

// place is a key of a part.
type place struct {
	part
	key string // such as limits.budget without its section, or keys[suishenban-1].public
}

// goesWithItem says that the whole item of a list in which the key stands, such as keys[suishenban-1], is new or gone: that is told once.
func (p place) goesWithItem(before, after map[place]leaf) bool {
	end := strings.LastIndex(p.key, "]") + 1
	if end == 0 || end == len(p.key) {
		return false
	}
	item := place{p.part, p.key[:end]}
	_, had := before[item]
	_, has := after[item]
	return had != has
}

func union(a, b map[place]leaf) map[place]bool {
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
func sorted(parts map[part]*Change, before, after map[place]leaf) []Change {
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

func partsOf(leaves map[place]leaf) map[part]bool {
	all := map[part]bool{}
	for p := range maps.Keys(leaves) {
		all[p.part] = true
	}
	return all
}

// needsRestart tells what only a start puts in force. Whatever a later version adds counts as such until it is listed here.
func needsRestart(p place, from, to *Config) bool {
	switch p.section {
	case "platforms", "sources", "routes", "identity", "coverage", "pushes", "operators", "gateway":
		return false
	case "tls":
		return (from.TLS.Certificate == "") != (to.TLS.Certificate == "") // HTTP stays HTTP
	case "limits":
		return p.key == "drain" || p.key == "drainDelay" || p.key == "decision"
	case "policies":
		return p.key != "dir"
	case "receivers":
		return receiverNeedsRestart(p, from, to)
	case "opsAuthorities":
		return false
	}
	return true
}

// receiverNeedsRestart: what is behind a receiver can be replaced; whether there is one, and how it is told, is fixed by the start.
func receiverNeedsRestart(p place, from, to *Config) bool {
	settings := strings.HasPrefix(p.key, "settings")
	return !settings || !hasReceiver(from, p.id) || !hasReceiver(to, p.id)
}

// hasReceiver finds a receiver that an adapter is behind.
func hasReceiver(c *Config, id string) bool {
	return slices.ContainsFunc(c.Receivers, func(r Receiver) bool { return r.ID == id && r.Kind != "feed" })
}
