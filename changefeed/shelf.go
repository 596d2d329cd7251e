package changefeed

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// shelf keeps the entries that were opened lately: the platforms are told of the same ones at nearly the same time, and opening one costs
// more than all that is done with it before a platform is asked. What lies on it is shared and must not be changed.
type shelf struct {
	mu     sync.Mutex
	known  map[journal.Revision]*Known
	places [shelved]journal.Revision // in the order of coming, around
	next   int
}

// shelved entries are some kilobytes each.
const shelved = 512

func (s *shelf) get(revision journal.Revision) *Known {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[revision]
}

func (s *shelf) put(known *Known) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = make(map[journal.Revision]*Known, shelved)
	}
	if s.known[known.Revision] != nil {
		return
	}
	delete(s.known, s.places[s.next])
	s.known[known.Revision], s.places[s.next] = known, known.Revision
	s.next = (s.next + 1) % shelved
}

// shared opens an entry, or gives it as it was opened lately. Errors: [ErrUnreadable].
func (b *Book) shared(entry *journal.Entry) (*Known, error) {
	if known := b.shelf.get(entry.Revision); known != nil {
		return known, nil
	}
	known, err := b.Open(entry)
	if err != nil {
		return nil, err
	}
	b.shelf.put(&known)
	return &known, nil
}

// newest gives the licence's newest entry, which often is the one that is known. Errors: [ErrUnreadable], the ledger's.
func (b *Book) newest(ctx context.Context, known *Known) (*Known, error) {
	entry, err := b.ledger.Last(ctx, known.State.Licence)
	if errors.Is(err, journal.ErrNotFound) || err == nil && entry.Revision <= known.Revision { // a replica may lag behind the cursor
		return known, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what is known of a licence: %w", err)
	}
	return b.shared(&entry)
}

// readItem opens an item's entry. Errors: [ErrUnreadable], the ledger's.
func (l *lane) readItem(ctx context.Context, it *item) (*Known, error) {
	if known := l.cfg.Book.shelf.get(it.entry.Revision); known != nil {
		return known, nil
	}
	entry := it.entry
	if entry.Data == nil { // it was set aside, lately or before the start
		var err error
		if entry, err = l.cfg.Book.ledger.Read(ctx, entry.Revision); err != nil {
			return nil, fmt.Errorf("read revision %d: %w", it.entry.Revision, err)
		}
	}
	return l.cfg.Book.shared(&entry)
}
