package matrix

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// Clear is how a matrix file writes the mask "none": shown as it is. Hidden hides a field again from a level on.
const (
	Clear  = "clear"
	Hidden = "hidden"
)

// Book is what people wrote down of what may be seen.
type Book struct {
	seen   map[Cell]map[exchange.Field]exchange.Mask
	places map[string]string // of "platform", "platform/purpose/operation/region" and that with "/field"
}

// sheet is one file: what one platform sees.
type sheet struct {
	Platform string                                                   `yaml:"platform"`
	Sees     map[string]map[exchange.Operation]map[string][]groupLine `yaml:"sees"` // by purpose, operation and region
}

// groupLine says of some fields from which level on they are shown, and how.
type groupLine struct {
	From   map[string]string `yaml:"from"` // mask by level
	Fields []exchange.Field  `yaml:"fields"`
}

// Read reads the matrix files of a policy folder. data, the draft's, says what names there are. The error has every fault with its
// place.
func Read(fsys fs.FS, data map[string]any) (*Book, error) {
	paths, err := fs.Glob(fsys, "matrix/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the matrix: %w", err)
	}
	r := reader{data: data, book: &Book{seen: map[Cell]map[exchange.Field]exchange.Mask{}, places: map[string]string{}}}
	for _, path := range paths {
		content, err := fs.ReadFile(fsys, path)
		if err != nil {
			return nil, fmt.Errorf("read the matrix: %w", err)
		}
		r.file(path, content)
	}
	return r.book, errors.Join(r.faults...)
}

// Seen gives what is expected to be seen in a cell. The caller must not change it.
func (b *Book) Seen(cell Cell) map[exchange.Field]exchange.Mask { return b.seen[cell] }

// place gives where a field's expectation is written, or what is nearest to it.
func (b *Book) place(section Section, field exchange.Field) string {
	key := section.key()
	for _, name := range []string{key + "/" + string(field), key, section.Platform} {
		if at, known := b.places[name]; known {
			return at
		}
	}
	return "matrix"
}

func (s Section) key() string {
	return strings.Join([]string{s.Platform, s.Purpose, string(s.Operation), s.Region}, "/")
}

// reader collects what files say, and what is wrong with them.
type reader struct {
	data   map[string]any
	book   *Book
	faults []error

	path  string
	lines map[string]int
}

func (r *reader) fault(at, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s: %s", r.place(at), fmt.Sprintf(format, args...)))
}

func (r *reader) place(at string) string { return fmt.Sprintf("%s:%d", r.path, max(r.lines[at], 1)) }

func (r *reader) file(path string, content []byte) {
	r.path, r.lines = path, nil
	lines, err := policies.Lines(path, content)
	if err != nil {
		r.faults = append(r.faults, err)
		return
	}
	r.lines = lines
	var s sheet
	if err := yaml.UnmarshalWithOptions(content, &s, yaml.Strict()); err != nil {
		r.faults = append(r.faults, fmt.Errorf("%s: %w", path, err))
		return
	}
	if s.Platform == "" && len(s.Sees) == 0 {
		return // a file that is only about to be written
	}
	if r.name("platform", s.Platform, keys(r.data["platforms"]), "platform"); r.book.places[s.Platform] != "" {
		r.fault("platform", "%s is at %s already", s.Platform, r.book.places[s.Platform])
	}
	r.book.places[s.Platform] = r.place("platform")
	for _, purpose := range slices.Sorted(maps.Keys(s.Sees)) {
		r.name("sees."+purpose, purpose, keys(r.data["purposes"]), "purpose")
		r.purpose(s, purpose)
	}
}

// name notes a name that is none of those known.
func (r *reader) name(at, name string, known []string, what string) {
	if !slices.Contains(known, name) {
		r.fault(at, "%s is no %s; there are %s", name, what, strings.Join(known, ", "))
	}
}

// Empty says whether nothing is written down at all, so that nothing is expected either.
func (b *Book) Empty() bool { return len(b.places) == 0 }

// PlaceOf gives where it is written what a platform sees.
func (b *Book) PlaceOf(platform string) string { return b.place(Section{Platform: platform}, "") }
