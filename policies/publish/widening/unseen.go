package widening

import (
	"maps"
	"reflect"
	"slices"

	"github.com/zhengqiao/zhengqiao/policies"
)

// unseen notes what asking about requests can't show.
func (c *comparison) unseen(before, after *policies.Draft) {
	c.rules(before, after)
	c.data(before.Data, after.Data)
}

// rules notes every file of rules, and every form of an input document, that is not the same. What a rule lets through for requests that
// nobody thought of can't be computed.
func (c *comparison) rules(before, after *policies.Draft) {
	for _, path := range union(before.Modules, after.Modules) {
		was, is := before.Modules[path], after.Modules[path]
		if was == nil || is == nil || !was.Equal(is) {
			c.unknown("rules differ: " + path)
		}
	}
	if !reflect.DeepEqual(before.Schema(), after.Schema()) {
		c.unknown("the form of the input differs")
	}
}

// seen are the members of the data that the matrix shows whole: who is granted what, at which level, behind which mask. Every other
// difference in the data counts as one that nobody can see through: an age, a window, a legal basis, a provider.
func seen() map[string][]string {
	return map[string][]string{
		"platforms":   {"zh", "en", "operations", "fields", "purposes", "unmasked"},
		"purposes":    {"zh", "en", "operations", "fields", "byStanding"},
		"fields":      {"zh", "en", "operations", "column", "sensitivity", "masks"},
		"sensitivity": {"zh", "en", "home", "away"},
		"reasons":     {"zh", "en"},
		"legalBases":  {"zh", "en"},
		"tiers":       {"zh", "en"},
		"providers":   {"zh", "en"},
	}
}

func (c *comparison) data(before, after map[string]any) {
	covered := seen()
	for _, section := range union(before, after) {
		was, mapped := before[section].(map[string]any)
		is, still := after[section].(map[string]any)
		if (!mapped || !still) && !reflect.DeepEqual(before[section], after[section]) {
			c.unknown("differs, and the matrix doesn't show it: " + section)
			continue
		}
		for _, name := range union(was, is) {
			if !reflect.DeepEqual(without(was[name], covered[section]), without(is[name], covered[section])) {
				c.unknown("differs, and the matrix doesn't show it: " + section + "." + name)
			}
		}
	}
}

// without gives a value less some of its members. What isn't there at all is what has none: the matrix shows who came and who went.
func without(value any, members []string) any {
	if value == nil && members != nil {
		return map[string]any{}
	}
	from, ok := value.(map[string]any)
	if !ok {
		return value
	}
	rest := maps.Clone(from)
	maps.DeleteFunc(rest, func(name string, _ any) bool { return slices.Contains(members, name) })
	return rest
}

func union[T any](a, b map[string]T) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]T{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}
