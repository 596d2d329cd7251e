package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Trail reads what the gateways that share a journal have recorded, each in a log of its own.
type Trail struct{ journal *journal.Journal }

// Stretch is a part of one log that is still to be read.
type Stretch struct {
	Log        string
	Next, Head uint64 // indexes: the first record to read, and the one behind the last
	reader     *journal.LogReader
}

// Left gives the number of records to read.
func (s *Stretch) Left() uint64 { return s.Head - min(s.Next, s.Head) }

// recordLogs names the logs of records of all gateways that share a journal. It holds other logs beside, such as that of kept policies.
func recordLogs(ctx context.Context, from *journal.Journal) ([]string, error) {
	names, err := from.Logs(ctx)
	return slices.DeleteFunc(names, func(name string) bool { return name != recordsName && !strings.HasPrefix(name, recordsName+"-") }), err
}

// Since gives what was recorded at a moment or later, for each log. Some records at the beginning may be older.
func (t *Trail) Since(ctx context.Context, since time.Time) ([]*Stretch, error) {
	names, err := recordLogs(ctx, t.journal)
	if err != nil {
		return nil, err
	}
	var list []*Stretch
	for _, name := range names {
		one, err := t.stretch(ctx, name, since)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func (t *Trail) stretch(ctx context.Context, name string, since time.Time) (*Stretch, error) {
	reader, err := t.journal.LogReader(ctx, name)
	if err != nil {
		return nil, err
	}
	next, err := evidence.FirstAt(ctx, reader, since)
	return &Stretch{Log: name, Next: next, Head: reader.Head(), reader: reader}, err
}

// Each reads the records of a stretch in order, until visit returns an error; Next moves along behind each that visit took.
func (s *Stretch) Each(ctx context.Context, visit func(*evidence.Entry) error) error {
	return s.reader.Scan(ctx, s.Next, func(position journal.Position, stored journal.Record) error {
		entry, err := evidence.DecodeEntry(stored.Data)
		if err != nil {
			return fmt.Errorf("log %s, record %d: %w", s.Log, position.Index, err)
		}
		if err := visit(&entry); err != nil {
			return err
		}
		s.Next = position.Index + 1
		return nil
	})
}

// Found is where a record was found.
type Found struct {
	Log   string
	Index uint64
	Entry evidence.Entry
}

// Find gives the record of a decision by its id, in whichever log it is. ErrNoRecord: in none.
func (t *Trail) Find(ctx context.Context, id string) (*Found, error) {
	at, ok := evidence.MomentOf(id)
	if !ok {
		return nil, evidence.ErrNoRecord
	}
	names, err := t.Since(ctx, at)
	if err != nil {
		return nil, err
	}
	for _, one := range names {
		index, entry, err := evidence.Find(ctx, one.reader, id)
		switch {
		case err == nil:
			return &Found{one.Log, index, entry}, nil
		case !errors.Is(err, evidence.ErrNoRecord):
			return nil, fmt.Errorf("log %s: %w", one.Log, err)
		}
	}
	return nil, evidence.ErrNoRecord
}
