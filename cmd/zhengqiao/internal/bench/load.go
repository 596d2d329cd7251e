package bench

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// grace is how long the last answers may take when the time is over.
const grace = 10 * time.Second

// load puts requests of a stock to an address over kept connections.
type load struct {
	address     string // host:port
	stock       *stock
	connections int
}

// closed has every connection send its next request as soon as the last was answered, for a time or until the stock is used up;
// again says that the stock may be used again.
func (l load) closed(ctx context.Context, duration time.Duration, again bool) (outcome, error) {
	var next atomic.Int64
	return l.run(ctx, duration, func(_ context.Context, s *session, _ int, start time.Time) error {
		for {
			now := time.Now()
			i := int(next.Add(1)) - 1
			if now.Sub(start) > duration || i >= len(l.stock.fields) && !again {
				return nil
			}
			if err := s.exchange(i, now); err != nil {
				return err
			}
		}
	})
}

// paced sends the stock at a fixed rate, each request at its moment whatever became of those before, and counts the time from
// that moment: an answer that keeps the connection busy delays the next request, and that delay counts.
func (l load) paced(ctx context.Context, rate int) (outcome, error) {
	interval := time.Second / time.Duration(rate)
	lasting := interval * time.Duration(len(l.stock.fields))
	return l.run(ctx, lasting, func(ctx context.Context, s *session, first int, start time.Time) error {
		for i := first; i < len(l.stock.fields); i += l.connections {
			due := start.Add(interval * time.Duration(i))
			if err := until(ctx, due); err != nil {
				return err
			}
			if err := s.exchange(i, due); err != nil {
				return err
			}
		}
		return nil
	})
}

func until(ctx context.Context, moment time.Time) error {
	timer := time.NewTimer(time.Until(moment))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// work is what one of the numbered connections does from the start on, which is when all of them are open.
type work func(ctx context.Context, s *session, number int, start time.Time) error

// run has each connection do its work, for the given time, and puts together what came back. The first failure ends it all.
func (l load) run(ctx context.Context, lasting time.Duration, do work) (outcome, error) {
	sessions, err := l.dial(ctx, time.Now().Add(lasting+grace))
	defer closeAll(sessions)
	if err != nil {
		return outcome{}, err
	}
	group, ctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(ctx, func() { closeAll(sessions) })()
	start := time.Now()
	for number, s := range sessions {
		group.Go(func() error { return do(ctx, s, number, start) })
	}
	if err := group.Wait(); err != nil {
		return outcome{}, err
	}
	return gather(sessions, time.Since(start))
}

func (l load) dial(ctx context.Context, deadline time.Time) ([]*session, error) {
	var sessions []*session
	for range l.connections {
		s, err := dial(ctx, l.address, l.stock, deadline)
		if err != nil {
			return sessions, err
		}
		sessions = append(sessions, s)
	}
	return sessions, nil
}

func closeAll(sessions []*session) {
	for _, s := range sessions {
		_ = s.connection.Close() // a second close changes nothing
	}
}
