package policies

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// Fault is one thing wrong with the data.
type Fault struct {
	File  string
	Line  int    // from 1
	Path  string // in the data, such as platforms.suishenban.tier
	What  string
	Known []string // the names that there are, where one is none of them; sorted
}

// Faults gives the faults in an error of [Draft.CheckData] and what else is in it.
func Faults(err error) (faults []Fault, rest []error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			below, others := Faults(one)
			faults, rest = append(faults, below...), append(rest, others...)
		}
		return faults, rest
	}
	if f, ok := errors.AsType[fault](err); ok {
		return []Fault{{File: f.place.file, Line: f.place.line, Path: f.path, What: f.what, Known: f.known}}, nil
	}
	if err != nil {
		rest = []error{err}
	}
	return nil, rest
}

// Members gives the names that may stand below a path of the data, such as the members of a platform for ("platforms", "*"), "*"
// standing for any key. It gives nil where any name may stand.
func Members(path ...string) []string {
	known := sections()
	if len(path) == 0 {
		return slices.Sorted(maps.Keys(known))
	}
	const probe = "\x00" // no name, so the shape says which ones there are
	value := any(map[string]any{probe: nil})
	for _, step := range slices.Backward(path[1:]) {
		value = map[string]any{step: value}
	}
	c := checker{data: map[string]any{}, places: places{}}
	if check := known[path[0]]; check != nil {
		check(&c, path[0], value)
	}
	for _, f := range c.faults {
		if strings.HasSuffix(f.path, probe) && strings.HasPrefix(f.what, "no such member") {
			return f.known
		}
	}
	return nil
}

// Lines gives the line (from 1) of each path of one YAML document, such as platforms.suishenban.fields[2].
func Lines(file string, content []byte) (map[string]int, error) {
	found := places{}
	if err := found.locate(file, content); err != nil {
		return nil, err
	}
	lines := make(map[string]int, len(found))
	for path, at := range found {
		lines[path] = at.line
	}
	return lines, nil
}
