package holding

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Copy is what is held of one licence.
type Copy struct {
	Licence  string            `json:"licence"`  // the sender's key
	IDNumber string            `json:"-"`        // whose it is
	Version  uint64            `json:"version"`  // the sender's number of what stands
	Fields   map[string]string `json:"fields"`   // by the platform's own names
	Masked   []string          `json:"masked"`   // names of the fields that were given in part
	Events   []Event           `json:"events"`   // what the last notice said had changed
	Learned  time.Time         `json:"learned"`  // when the platform took it, by its own clock
	Writings int               `json:"writings"` // how often the copy was changed; a notice that comes again changes nothing
}

// Event is one thing that changed, such as status.added and the letter B.
type Event struct {
	Kind   string `json:"kind"`
	Letter string `json:"letter,omitempty"`
}

// Book holds the copies. The zero value is empty; it is safe for concurrent use.
type Book struct {
	mu     sync.Mutex
	copies map[string]Copy   // by licence
	owners map[string]string // licence by identity number
}

// Take puts a copy into the book unless a newer version is there, or this one with the same fields, and gives the version held
// then. The same version with other fields replaces what is held: that is how a copy that went wrong is repaired, and how a
// sender shows more or less of what stands.
func (b *Book) Take(told Copy) (version uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.copies == nil {
		b.copies, b.owners = map[string]Copy{}, map[string]string{}
	}
	held := b.copies[told.Licence]
	if held.Version > told.Version || held.Version == told.Version && held.same(told) {
		return held.Version
	}
	told.Writings = held.Writings + 1
	b.copies[told.Licence], b.owners[told.IDNumber] = told.clone(), told.Licence
	return told.Version
}

func (c Copy) same(other Copy) bool {
	return c.Writings > 0 && maps.Equal(c.Fields, other.Fields) && slices.Equal(c.Masked, other.Masked)
}

// Find gives the copy of a citizen's licence.
func (b *Book) Find(idNumber string) (Copy, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	held, known := b.copies[b.owners[idNumber]]
	return held.clone(), known
}

// Alter spoils a copy behind the sender's back, as a mistake at the platform would: it sets one field, and says whether there is
// such a copy.
func (b *Book) Alter(licence, field, value string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	held, known := b.copies[licence]
	if known {
		held = held.clone()
		held.Fields[field] = value
		b.copies[licence] = held
	}
	return known
}

func (c Copy) clone() Copy {
	c.Fields, c.Masked, c.Events = maps.Clone(c.Fields), slices.Clone(c.Masked), slices.Clone(c.Events)
	return c
}
