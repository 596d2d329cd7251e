package changefeed

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// lane is one platform's way through one partition. It holds the partition for a stint at a time.
type lane struct {
	cfg       *Config
	endpoint  *endpoint
	partition int

	opening sync.Mutex
	cursor  Cursor // nil until it is opened

	noting sync.Mutex
	ahead  map[string]uint64 // by licence: a version that was told before its entry came
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

// step works through one stint. Its error is the journal's or the recorder's; the platform's are dealt with.
func (l *lane) step(ctx context.Context) error {
	if err := l.switchedOn(ctx); err != nil {
		return err
	}
	cursor, err := l.open(ctx)
	if err != nil {
		return err
	}
	set, err := l.asides(ctx)
	if err != nil {
		return err
	}
	held, err := l.next(ctx, cursor, set)
	if errors.Is(err, journal.ErrNotFound) { // deleted: a new one begins where the configuration says
		l.forget()
	}
	if err != nil {
		return err
	}
	if held == nil {
		return l.vigil(ctx, cursor, set)
	}
	if len(set.list) > 0 {
		if set, err = l.taken(ctx); err != nil {
			return errors.Join(err, held.Leave(context.WithoutCancel(ctx)))
		}
	}
	return newStint(l, cursor, held, set).run(ctx)
}

// vigil tries what was set aside and is due, though nothing new holds the partition.
func (l *lane) vigil(ctx context.Context, cursor Cursor, set *asides) error {
	if err := l.endpoint.health.load(ctx); err != nil { // another gateway may have switched it
		return err
	}
	if wait, _ := set.due(); wait > 0 {
		return nil
	}
	if mine, err := set.claim(ctx); err != nil || !mine {
		return err
	}
	return newStint(l, cursor, nil, set).run(ctx)
}

// next waits for the next entry, or until something that was set aside may be due: then there is none.
func (l *lane) next(ctx context.Context, cursor Cursor, set *asides) (*journal.Delivery, error) {
	_, switched := l.endpoint.health.now()
	wait, any := set.due()
	if !any {
		return cursor.Next(ctx)
	}
	short, cancel := context.WithTimeout(ctx, min(wait, lookAgain))
	defer cancel()
	go func() { // an operator who has mended the platform does not want to wait
		select {
		case <-switched:
			cancel()
		case <-short.Done():
		}
	}()
	held, err := cursor.Next(short)
	if err != nil && short.Err() != nil && ctx.Err() == nil {
		return nil, nil
	}
	return held, err
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
