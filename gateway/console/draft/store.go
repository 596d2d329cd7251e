package draft

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"sync"
)

// Draft is what one person changes.
type Draft struct {
	Base  string            // revision that it was begun from; "": there is no draft
	Files map[string]string // by path, such as data/purposes.yaml: the whole text
}

// Paths gives the changed files in order.
func (d Draft) Paths() []string { return slices.Sorted(maps.Keys(d.Files)) }

// Bounds of drafts. Whoever begins one too many pushes out the one that was left alone for longest.
const (
	mostDrafts = 64
	mostFiles  = 32
	mostBytes  = 512 << 10 // of one draft
)

// Errors of [Store.Keep].
var (
	ErrLarge = errors.New("the draft has too many files, or is too large")
	ErrBase  = errors.New("the draft was begun from another revision")
)

// Store keeps drafts by person. The zero value is ready. It is safe for concurrent use.
type Store struct {
	mu     sync.Mutex
	turn   uint64 // counts uses, the later the higher
	drafts map[string]*kept
}

type kept struct {
	Draft
	used uint64
}

// Of gives a person's draft; without one it is empty.
func (s *Store) Of(person string) Draft {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.drafts[person]
	if one == nil {
		return Draft{}
	}
	return Draft{one.Base, maps.Clone(one.Files)}
}

// Keep puts a file into a person's draft, begun from the revision base.
func (s *Store) Keep(person, base, path, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := Draft{Base: base, Files: map[string]string{}}
	if one := s.drafts[person]; one != nil {
		next = Draft{one.Base, maps.Clone(one.Files)}
	}
	next.Files[path] = text
	switch {
	case next.Base != base:
		return ErrBase
	case len(next.Files) > mostFiles || next.size() > mostBytes:
		return ErrLarge
	}
	s.put(person, next)
	return nil
}

// Drop takes a file out of a person's draft; path "": all of them. A draft without files is none.
func (s *Store) Drop(person, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.drafts[person]
	if one == nil {
		return
	}
	delete(one.Files, path)
	if path == "" || len(one.Files) == 0 {
		delete(s.drafts, person)
	}
}

func (d Draft) size() (bytes int) {
	for path, text := range d.Files {
		bytes += len(path) + len(text)
	}
	return bytes
}

// put is called with the lock held.
func (s *Store) put(person string, d Draft) {
	if s.drafts == nil {
		s.drafts = map[string]*kept{}
	}
	if s.drafts[person] == nil && len(s.drafts) >= mostDrafts {
		delete(s.drafts, s.idlest())
	}
	s.turn++
	s.drafts[person] = &kept{d, s.turn}
}

func (s *Store) idlest() string {
	return slices.MinFunc(slices.Collect(maps.Keys(s.drafts)), func(a, b string) int { return cmp.Compare(s.drafts[a].used, s.drafts[b].used) })
}
