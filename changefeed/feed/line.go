package feed

import (
	"context"
	"fmt"
	"sync"
)

// line is one platform's feed as this process knows it.
type line struct {
	platform string
	store    store
	writer   Writer

	mu     sync.Mutex
	newest end           // the furthest end seen so far
	news   chan struct{} // closed when newest moves
}

// end is where a feed ends: its last batch and the number of its last change. The zero end is that of an empty feed.
type end struct{ batch, number uint64 }

func newLine(p Platform, s store) *line {
	l := &line{platform: p.ID, store: s, news: make(chan struct{})}
	l.writer = Writer{line: l, content: p.Content}
	return l
}

// known gives the furthest end seen so far, and a channel that is closed when there is a further one.
func (l *line) known() (end, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.newest, l.news
}

// learn notes an end that was seen. Ends only move on, in whatever order they are seen.
func (l *line) learn(seen end) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if seen.batch <= l.newest.batch {
		return
	}
	l.newest = seen
	close(l.news)
	l.news = make(chan struct{})
}

// find gives the end as it is in the ledger. It starts from what is known: where this process is alone that is one look, after a
// start it is some twenty for a million batches, by steps that double and then halve. Batches have no holes between them, which is
// why a missing one ends the list.
func (l *line) find(ctx context.Context) (end, error) {
	at, _ := l.known()
	beyond := at.batch + 1
	for step := uint64(1); ; step *= 2 {
		next, found, err := l.look(ctx, beyond)
		if err != nil {
			return end{}, err
		}
		if !found {
			break
		}
		at, beyond = next, beyond+step
	}
	for beyond-at.batch > 1 {
		middle := at.batch + (beyond-at.batch)/2
		next, found, err := l.look(ctx, middle)
		switch {
		case err != nil:
			return end{}, err
		case found:
			at = next
		default:
			beyond = middle
		}
	}
	l.learn(at)
	return at, nil
}

// look reads the end of one batch.
func (l *line) look(ctx context.Context, number uint64) (at end, found bool, err error) {
	b, err := l.store.get(ctx, l.platform, number)
	if missing(err) {
		return end{}, false, nil
	}
	if err != nil {
		return end{}, false, fmt.Errorf("look for the end of the feed of %s: %w", l.platform, err)
	}
	return end{number, b.last()}, true, nil
}
