package policies

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// checker collects the faults of a policy's data.
type checker struct {
	data   map[string]any
	places places
	faults []fault
}

// fault is one thing wrong with the data.
type fault struct {
	place      place
	path, what string
	known      []string // the names that there are, where one is none of them
}

func (f fault) Error() string { return fmt.Sprintf("policies: %s: %s: %s", f.place, f.path, f.what) }

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, fault{place: c.places.nearest(path), path: path, what: fmt.Sprintf(format, args...)})
}

// unknown is a fault about a name that is none of those known.
func (c *checker) unknown(path string, known []string, format string, args ...any) {
	what := fmt.Sprintf(format, args...) + suggestion(known)
	c.faults = append(c.faults, fault{c.places.nearest(path), path, what, slices.Sorted(slices.Values(known))})
}

// errors gives the faults in the order in which they are written.
func (c *checker) errors() []error {
	slices.SortFunc(c.faults, func(a, b fault) int {
		return cmp.Or(strings.Compare(a.place.file, b.place.file), a.place.line-b.place.line, strings.Compare(a.path, b.path))
	})
	var all []error
	for _, f := range c.faults {
		all = append(all, f)
	}
	return all
}
