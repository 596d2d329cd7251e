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
}

func (f fault) Error() string { return fmt.Sprintf("policies: %s: %s: %s", f.place, f.path, f.what) }

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, fault{c.places.nearest(path), path, fmt.Sprintf(format, args...)})
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
