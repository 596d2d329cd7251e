package feed

import (
	"context"
	"errors"
	"fmt"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// ErrNoFeed says that the platform has no feed.
var ErrNoFeed = errors.New("the platform has no feed")

// Page is a stretch of a feed. Its changes are numbered First, First+1 and so on: a page whose First follows the last number of the
// page before, and whose changes count up from there, proves that nothing is missing between the two.
type Page struct {
	Changes []Change
	First   uint64 // the number behind the cursor's; of the first change, if there is one
	Next    string // cursor behind the last change
	Last    uint64 // number of the newest change in the feed, at least that of the last one here; First-1 if there is nothing new
}

// More reports whether the feed has changes behind this page.
func (p *Page) More() bool { return p.First+uint64(len(p.Changes)) <= p.Last }

// Read gives up to limit changes, one at least, behind the cursor, "" for the beginning.
//
// Errors: [ErrNoFeed], [ErrCursor]; an [*exchange.Error] Overloaded, when the ledger can't be read for now, or Internal, when it
// is damaged.
func (f *Feeds) Read(ctx context.Context, platform, after string, limit int) (Page, error) {
	l := f.lines[platform]
	if l == nil {
		return Page{}, ErrNoFeed
	}
	page, err := l.read(ctx, after, limit)
	if err != nil {
		return Page{}, l.unavailable(err)
	}
	return page, nil
}

func (l *line) read(ctx context.Context, after string, limit int) (Page, error) {
	at, rest, err := l.resume(ctx, after)
	if err != nil {
		return Page{}, err
	}
	limit = max(limit, 1)
	page := Page{First: at.number + 1}
	for ended := false; !ended; {
		taken := min(len(rest), limit-len(page.Changes))
		page.Changes = append(page.Changes, rest[:taken]...)
		at.number += uint64(taken)
		if len(page.Changes) >= limit {
			break
		}
		if at, rest, ended, err = l.next(ctx, at); err != nil {
			return Page{}, err
		}
	}
	page.Next = at.String()
	page.Last, err = l.last(ctx, at)
	return page, err
}

// resume goes to the place that a cursor names, and gives what its batch holds behind it.
func (l *line) resume(ctx context.Context, after string) (cursor, []Change, error) {
	beginning := cursor{tag: tag(l.platform, nil)}
	if after == "" || after == beginning.String() {
		return beginning, nil, nil
	}
	at, err := parseCursor(after)
	if err != nil {
		return cursor{}, nil, err
	}
	if at.batch == 0 {
		return cursor{}, nil, fmt.Errorf("%w: the beginning of another one", ErrCursor)
	}
	b, err := l.store.get(ctx, l.platform, at.batch)
	switch {
	case missing(err):
		return cursor{}, nil, fmt.Errorf("%w: there is no such place", ErrCursor)
	case err != nil:
		return cursor{}, nil, err
	case b.tag != at.tag || at.number < b.First || at.number > b.last():
		return cursor{}, nil, fmt.Errorf("%w: another one has this place", ErrCursor)
	}
	return at, b.Changes[at.number-b.First+1:], nil
}

// next goes on to the next batch, if there is one.
func (l *line) next(ctx context.Context, at cursor) (_ cursor, changes []Change, ended bool, err error) {
	b, err := l.store.get(ctx, l.platform, at.batch+1)
	switch {
	case missing(err):
		return at, nil, true, nil
	case err != nil:
		return at, nil, false, err
	case b.First != at.number+1:
		return at, nil, false, fmt.Errorf("%w: batch %d begins at %d behind %d", ErrUnreadable, b.number, b.First, at.number)
	}
	l.learn(end{b.number, b.last()})
	return cursor{at.number, b.number, b.tag}, b.Changes, false, nil
}

// last gives the number of the newest change. What another node of a cluster answers may lag behind what was just read.
func (l *line) last(ctx context.Context, at cursor) (uint64, error) {
	newest, err := l.find(ctx)
	return max(newest.number, at.number), err
}

// unavailable gives an error of the ledger its code.
func (l *line) unavailable(err error) error {
	code := exchange.Overloaded
	switch {
	case errors.Is(err, ErrCursor):
		return err
	case errors.Is(err, ErrUnreadable), errors.Is(err, journal.ErrCorrupt):
		code = exchange.Internal
	}
	return &exchange.Error{Code: code, RetryAfter: comeAgain, Err: fmt.Errorf("read the feed of %s: %w", l.platform, err)}
}
