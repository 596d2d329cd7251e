package changefeed

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// lane is one platform's way through one partition. It holds one entry at a time.
type lane struct {
	cfg       *Config
	endpoint  *endpoint
	partition int

	opening sync.Mutex
	cursor  Cursor // nil until it is opened

	telling sync.Mutex        // one notice at a time, replays included, so that a version is not overtaken on its way
	ahead   map[string]uint64 // by licence: a version that was told before its entry came; owned by whoever holds telling

	trouble trouble // with the entry that the cursor holds; owned by run
}

// trouble is what was tried with one entry.
type trouble struct {
	revision journal.Revision
	since    time.Time
	attempts int // the cursor's count, which outlives a restart
	history  []Failure
}

// Between two tries of what fails without a platform's fault, and between two looks at an endpoint that is off, which another gateway may
// have switched on.
const (
	openAgain = time.Second
	lookAgain = 10 * time.Second
)

func (l *lane) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := l.step(ctx); err != nil && ctx.Err() == nil {
			l.ownTrouble(ctx, err)
			pause(ctx, openAgain)
		}
	}
}

// step deals with one entry. Its error is the journal's or the recorder's; the platform's are dealt with.
func (l *lane) step(ctx context.Context) error {
	if err := l.switchedOn(ctx); err != nil {
		return err
	}
	cursor, err := l.open(ctx)
	if err != nil {
		return err
	}
	held, err := cursor.Next(ctx)
	if errors.Is(err, journal.ErrNotFound) { // deleted: a new one begins where the configuration says
		l.forget()
	}
	if err != nil {
		return err
	}
	return l.handle(ctx, held)
}

// switchedOn waits until the endpoint is on.
func (l *lane) switchedOn(ctx context.Context) error {
	if err := l.endpoint.health.ensure(ctx); err != nil {
		return err
	}
	for {
		health, changed := l.endpoint.health.now()
		if !health.Off {
			return nil
		}
		timer := time.NewTimer(lookAgain)
		select {
		case <-changed:
		case <-timer.C:
			if err := l.endpoint.health.load(ctx); err != nil {
				timer.Stop()
				return err
			}
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		timer.Stop()
	}
}

func (l *lane) open(ctx context.Context) (Cursor, error) {
	l.opening.Lock()
	defer l.opening.Unlock()
	if l.cursor != nil {
		return l.cursor, nil
	}
	cursor, err := l.cfg.Cursors(ctx, l.endpoint.Platform, l.partition, l.endpoint.holdFor())
	if err != nil {
		return nil, err
	}
	l.cursor = cursor
	return cursor, nil
}

func (l *lane) forget() {
	l.opening.Lock()
	defer l.opening.Unlock()
	l.cursor = nil
}

// ownTrouble logs what is no platform's fault.
func (l *lane) ownTrouble(ctx context.Context, err error) {
	l.cfg.Logger.ErrorContext(ctx, "delivery of changes", slog.String("platform", l.endpoint.Platform),
		slog.Int("partition", l.partition), slog.Any("error", err))
}

// handle deals with the entry that is held. Whatever happens, the entry ends done or given back.
func (l *lane) handle(ctx context.Context, held *journal.Delivery) error {
	l.begin(held)
	_, switched := l.endpoint.health.now() // before the attempt: a switch while it is under way counts
	outcome, err := l.tellEntry(ctx, &held.Entry)
	finish := context.WithoutCancel(ctx) // what is done is done, also while stopping
	switch {
	case err == nil:
		l.cfg.observe(l.endpoint.Platform, outcome)
		return held.Done(finish)
	case ctx.Err() != nil: // stopping: whoever comes next may have it at once
		return errors.Join(err, held.Retry(finish, 0))
	}
	return l.failed(ctx, held, err, switched)
}

// begin starts a new account of trouble unless the entry is the same as before.
func (l *lane) begin(held *journal.Delivery) {
	if l.trouble.revision != held.Revision {
		l.trouble = trouble{revision: held.Revision, since: l.cfg.Clock()}
	}
	l.trouble.attempts = max(held.Attempt, l.trouble.attempts+1)
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
