package mutation

import (
	"maps"
	"slices"
)

// at gives what is below a value of the data, nil where there is nothing.
func at(value any, names ...string) any {
	for _, name := range names {
		members, _ := value.(map[string]any)
		value = members[name]
	}
	return value
}

func textAt(value any, names ...string) string {
	text, _ := at(value, names...).(string)
	return text
}

func listAt(value any, names ...string) []string {
	items, _ := at(value, names...).([]any)
	all := make([]string, 0, len(items))
	for _, one := range items {
		text, _ := one.(string)
		all = append(all, text)
	}
	return all
}

func keysOf(value any) []string {
	members, _ := value.(map[string]any)
	return slices.Sorted(maps.Keys(members))
}

// gone stands for a member that is taken out.
type gone struct{}

// with gives the data with another value at a path; nothing else is copied, and nothing is changed in place.
func with(value any, to any, path ...string) any {
	if len(path) == 0 {
		return to
	}
	members, _ := value.(map[string]any)
	changed := maps.Clone(members)
	if changed == nil {
		changed = map[string]any{}
	}
	below := with(changed[path[0]], to, path[1:]...)
	if _, out := below.(gone); out {
		delete(changed, path[0])
	} else {
		changed[path[0]] = below
	}
	return changed
}
