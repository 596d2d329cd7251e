package policies

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// shape checks the value at one path of the data and notes what is wrong with it. The shapes of all data are in shapes.go.
type shape func(c *checker, path string, value any)

// all checks by several shapes.
func all(shapes ...shape) shape {
	return func(c *checker, path string, value any) {
		for _, check := range shapes {
			check(c, path, value)
		}
	}
}

// record is an object of these members and no others. A name that ends in "?" may be left out.
func record(members map[string]shape) shape {
	return func(c *checker, path string, value any) {
		given, ok := value.(map[string]any)
		if !ok {
			c.fault(path, "is not an object")
			return
		}
		known := map[string]shape{}
		for name, member := range members {
			name, optional := strings.CutSuffix(name, "?")
			if known[name] = member; !optional && given[name] == nil {
				c.fault(path, "lacks %s", name)
			}
		}
		for name, member := range given {
			if check := known[name]; check != nil {
				check(c, join(path, name), member)
				continue
			}
			c.unknown(join(path, name), slices.Collect(maps.Keys(known)), "no such member")
		}
	}
}

// dictionary is an object whose keys are names of one kind.
func dictionary(key, entry shape) shape {
	return func(c *checker, path string, value any) {
		given, ok := value.(map[string]any)
		if !ok {
			c.fault(path, "is not an object")
			return
		}
		for name, member := range given {
			key(c, join(path, name), name)
			entry(c, join(path, name), member)
		}
	}
}

// list is a list that holds no item twice.
func list(item shape) shape {
	return func(c *checker, path string, value any) {
		given, ok := value.([]any)
		if !ok {
			c.fault(path, "is not a list")
			return
		}
		for i, one := range given {
			below := path + "[" + strconv.Itoa(i) + "]"
			if slices.ContainsFunc(given[:i], func(other any) bool { return reflect.DeepEqual(other, one) }) {
				c.fault(below, "%v is in the list already", one)
			}
			item(c, below, one)
		}
	}
}

// name is one of the names of a closed list.
func name(what string, known ...string) shape {
	return func(c *checker, path string, value any) {
		if text, _ := value.(string); !slices.Contains(known, text) {
			c.unknown(path, known, "%v is no %s", value, what)
		}
	}
}

// keyOf is a key of another part of the data. That a part is missing altogether is a fault of its own.
func keyOf(section, what string) shape {
	return func(c *checker, path string, value any) {
		entries, ok := c.data[section].(map[string]any)
		if !ok {
			return
		}
		name(what, slices.Collect(maps.Keys(entries))...)(c, path, value)
	}
}

// suggested is how many names a person still reads.
const suggested = 12

func suggestion(known []string) string {
	if len(known) == 0 || len(known) > suggested {
		return ""
	}
	return "; there are " + strings.Join(slices.Sorted(slices.Values(known)), ", ")
}

func text(c *checker, path string, value any) {
	if text, _ := value.(string); strings.TrimSpace(text) == "" {
		c.fault(path, "is not a text")
	}
}

func flag(c *checker, path string, value any) {
	if _, ok := value.(bool); !ok {
		c.fault(path, "is neither true nor false")
	}
}

// number is a number from least to most.
func number(least, most float64) shape {
	return func(c *checker, path string, value any) {
		given, _ := value.(json.Number)
		if n, err := given.Float64(); err != nil || n < least || n > most {
			c.fault(path, "%v is not a number from %v to %v", value, least, most)
		}
	}
}

// whole is a whole number.
func whole(c *checker, path string, value any) {
	given, _ := value.(json.Number)
	if _, err := given.Int64(); err != nil {
		c.fault(path, "%v is not a whole number", value)
	}
}
