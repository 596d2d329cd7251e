package journal

import (
	"context"
	"fmt"
)

// Last returns the newest entry of key, or ErrNotFound. In a cluster it may be a moment old; a Put that follows it then
// ends with ErrConflict.
func (l *Ledger) Last(ctx context.Context, key string) (Entry, error) {
	if err := checkKey(key); err != nil {
		return Entry{}, fmt.Errorf("read ledger %s: %w", l.cfg.Name, err)
	}
	s, err := l.last(ctx, key)
	if err != nil {
		return Entry{}, fmt.Errorf("read ledger %s: %w", l.cfg.Name, err)
	}
	return s.entry(), nil
}

func (l *Ledger) last(ctx context.Context, key string) (stored, error) {
	part := l.parts[l.Partition(key)]
	if l.journal.cfg.shared() {
		return part.stream.last(ctx, l.subject(key))
	}
	if s, known := part.tail.latest.get(key); known {
		return s, nil
	}
	puts := part.tail.latest.reading()
	s, err := part.stream.last(ctx, l.subject(key))
	if err == nil {
		part.tail.latest.keep(s, puts)
	}
	return s, err
}

// Read returns the entry with this revision, or ErrNotFound.
func (l *Ledger) Read(ctx context.Context, revision Revision) (Entry, error) {
	if revision == 0 {
		return Entry{}, fmt.Errorf("read ledger %s: %w", l.cfg.Name, ErrNotFound)
	}
	s, err := l.parts[(revision-1)%Revision(len(l.parts))].stream.read(ctx, revision)
	if err != nil {
		return Entry{}, fmt.Errorf("read ledger %s at %d: %w", l.cfg.Name, revision, err)
	}
	return s.entry(), nil
}

// close ends waiting readers, stops intake and waits until the Puts under way have ended, or until ctx ends. It is called
// once, by the journal.
func (l *Ledger) close(ctx context.Context) error {
	close(l.closing)
	for _, part := range l.parts {
		if err := part.group.close(ctx); err != nil {
			return fmt.Errorf("close ledger %s: %w", l.cfg.Name, err)
		}
	}
	l.words.await(ctx)
	return nil
}
