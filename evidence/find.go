package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"github.com/google/uuid"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Past is a log of records to read; [journal.Log] and [journal.LogReader] are ones.
type Past interface {
	// Head gives the number of records.
	Head() uint64
	// Get reads the record of an index.
	Get(ctx context.Context, index uint64) (journal.Record, error)
	// Scan visits the records from an index on, in order, until visit returns an error.
	Scan(ctx context.Context, from uint64, visit func(journal.Position, journal.Record) error) error
}

// disorder is how far the moments of two records may be out of the order of their indexes: a query is recorded when it is decided
// and answered, up to a few seconds after it came, and clocks are set.
const disorder = 30 * time.Second

// ErrNoRecord says that no record has the id.
var ErrNoRecord = errors.New("no record has this id")

// FirstAt gives an index before which no record is of the moment at or later, by bisection: some 30 reads in a thousand million records.
// If the clock was once set back by more than half a minute, records of that time may lie before it.
func FirstAt(ctx context.Context, log Past, at time.Time) (uint64, error) {
	return firstNotBefore(ctx, log, at.Add(-disorder))
}

// firstNotBefore finds a record that is not before a moment, though the one ahead of it is.
func firstNotBefore(ctx context.Context, log Past, at time.Time) (uint64, error) {
	var failed error
	index := sort.Search(int(log.Head()), func(i int) bool {
		if failed != nil {
			return true
		}
		moment, err := momentOf(ctx, log, uint64(i))
		failed = err
		return !moment.Before(at)
	})
	return uint64(index), failed
}

func momentOf(ctx context.Context, log Past, index uint64) (time.Time, error) {
	stored, err := log.Get(ctx, index)
	if err != nil {
		return time.Time{}, fmt.Errorf("read record %d: %w", index, err)
	}
	entry, err := DecodeEntry(stored.Data)
	return entry.Time, err
}

// MomentOf gives the moment that an id carries (UUID version 7, RFC 9562 §5.7). ok is false for an id that carries none, as the
// gateway gave them out before its ids carried one.
func MomentOf(id string) (at time.Time, ok bool) {
	parsed, err := uuid.Parse(id)
	if err != nil || parsed.Version() != 7 || parsed.String() != id {
		return time.Time{}, false
	}
	return time.Unix(parsed.Time().UnixTime()).UTC(), true
}

// How far from the likely place of a record it is looked for: first on either side, then further, which costs a fraction of a second. A
// made-up id of a busy moment costs no more; a true one's record lies so far away only if over 5,000 records a second came before it for
// the whole of the half minute.
const (
	near = 1024
	far  = 1 << 18
)

// Find gives the record of a query by its id, with its index. It looks where the id's moment lies: at the likely place first, and
// else through what half a minute around it holds, bounded. ErrNoRecord: there is none in this log.
func Find(ctx context.Context, log Past, id string) (uint64, Entry, error) {
	at, ok := MomentOf(id)
	if !ok {
		return 0, Entry{}, ErrNoRecord
	}
	likely, err := firstNotBefore(ctx, log, at)
	if err != nil {
		return 0, Entry{}, err
	}
	s := search{id: []byte(id), wanted: id, until: at.Add(disorder)}
	if err := s.stretch(ctx, log, likely-min(likely, near), 2*near); err != nil || s.found != nil {
		return s.result(err)
	}
	from, err := FirstAt(ctx, log, at)
	if err != nil {
		return 0, Entry{}, err
	}
	return s.result(s.stretch(ctx, log, max(from, likely-min(likely, far/2)), far))
}

// search goes through a stretch of a log.
type search struct {
	id     []byte
	wanted string
	until  time.Time // nothing later can be it
	index  uint64
	found  *Entry
}

// errEnough ends a scan.
var errEnough = errors.New("enough")

func (s *search) stretch(ctx context.Context, log Past, from, count uint64) error {
	seen := uint64(0)
	err := log.Scan(ctx, from, func(position journal.Position, stored journal.Record) error {
		if seen++; seen > count {
			return errEnough
		}
		return s.visit(position.Index, stored.Data, seen)
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// timesEvery is how often a record that is not the one is decoded for its moment; to decode each would be most of the work.
const timesEvery = 64

func (s *search) visit(index uint64, data []byte, seen uint64) error {
	mentioned := bytes.Contains(data, s.id)
	if !mentioned && seen%timesEvery != 0 {
		return nil
	}
	entry, err := DecodeEntry(data)
	switch {
	case err != nil:
		return fmt.Errorf("record %d: %w", index, err)
	case entry.ID == s.wanted:
		s.index, s.found = index, &entry
		return errEnough
	case entry.Time.After(s.until):
		return errEnough
	}
	return nil
}

func (s *search) result(err error) (uint64, Entry, error) {
	switch {
	case err != nil:
		return 0, Entry{}, err
	case s.found == nil:
		return 0, Entry{}, ErrNoRecord
	}
	return s.index, *s.found, nil
}
