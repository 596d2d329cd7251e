package casebook

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// Case is one question, mostly a request, and what is expected of the answer.
type Case struct {
	Name       string
	File       string                    // such as cases/fields.yaml
	Line       int                       // from 1
	Request    *exchange.DecisionRequest // nil for what is no request
	Announce   *Announcement             // nil for what is no announcement
	Study      *Study                    // nil for what is not about education
	BreakGlass *BreakGlass               // nil for what is not about emergency access
	Expect     *Expectation              // nil for what others start from
}

// Place is file and line.
func (c *Case) Place() string { return fmt.Sprintf("%s:%d", c.File, c.Line) }

// Announcement asks who may announce a change, instead of who may see what.
type Announcement struct {
	Reporter string
	Region   exchange.Region
	Aspects  []exchange.Aspect
}

// entry is a case as it is written.
type entry struct {
	Base       string         `yaml:"base"`
	Request    map[string]any `yaml:"request"`
	Announce   *Announcement  `yaml:"announce"`
	Study      *Study         `yaml:"study"`
	BreakGlass *BreakGlass    `yaml:"breakGlass"`
	Expect     *Expectation   `yaml:"expect"`

	file string
	line int
}

// Read reads all cases of a policy folder, in the order in which they are written. The error has every file and case that is wrong,
// with its place.
func Read(fsys fs.FS) ([]*Case, error) {
	paths, err := fs.Glob(fsys, "cases/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	entries := map[string]*entry{}
	var faults []error
	for _, path := range paths {
		faults = append(faults, readFile(fsys, path, entries))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return resolve(entries)
}

func readFile(fsys fs.FS, path string, into map[string]*entry) error {
	content, err := fs.ReadFile(fsys, path)
	if err != nil {
		return fmt.Errorf("read cases: %w", err)
	}
	lines, err := policies.Lines(path, content)
	if err != nil {
		return err
	}
	var entries map[string]*entry
	if err := yaml.UnmarshalWithOptions(content, &entries, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for name, e := range entries {
		if e == nil {
			return fmt.Errorf("%s:%d: %s: a case of nothing", path, lines[name], name)
		}
		if other, taken := into[name]; taken {
			return fmt.Errorf("%s:%d: the case %q is also at %s:%d", path, lines[name], name, other.file, other.line)
		}
		e.file, e.line = path, lines[name]
		into[name] = e
	}
	return nil
}

func resolve(entries map[string]*entry) ([]*Case, error) {
	var cases []*Case
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		c, err := entries[name].resolve(name, entries)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %s: %w", c.Place(), name, err))
		}
		cases = append(cases, c)
	}
	slices.SortFunc(cases, func(a, b *Case) int { return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line) })
	return cases, errors.Join(faults...)
}

func (e *entry) resolve(name string, all map[string]*entry) (*Case, error) {
	c := &Case{Name: name, File: e.file, Line: e.line, Announce: e.Announce, Study: e.Study, BreakGlass: e.BreakGlass, Expect: e.Expect}
	kinds := 0
	for _, given := range []bool{e.Announce != nil, e.Study != nil, e.BreakGlass != nil, e.Request != nil || e.Base != ""} {
		if given {
			kinds++
		}
	}
	switch {
	case kinds > 1 && e.Announce != nil:
		return c, errors.New("an announcement has neither base nor request")
	case kinds > 1:
		return c, errors.New("a case asks one question: base and request, announce, study or breakGlass")
	case e.Announce != nil || e.Study != nil || e.BreakGlass != nil:
		return c, nil
	}
	members, err := e.members(all, map[string]bool{name: true})
	if err != nil {
		return c, err
	}
	c.Request, err = Request(members)
	return c, err
}

// members lays the case's changes over its base's request.
func (e *entry) members(all map[string]*entry, met map[string]bool) (map[string]any, error) {
	if e.Base == "" {
		return e.Request, nil
	}
	base := all[e.Base]
	switch {
	case base == nil:
		return nil, fmt.Errorf("there is no case %q to start from", e.Base)
	case met[e.Base]:
		return nil, fmt.Errorf("%q starts from itself", e.Base)
	}
	met[e.Base] = true
	members, err := base.members(all, met)
	return Overlay(members, e.Request), err
}
