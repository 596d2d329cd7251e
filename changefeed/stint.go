package changefeed

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// stint is what a lane does while it holds its partition: it reads ahead, tells of many licences at once, and has the cursor follow.
// One goroutine owns it; whoever tells hands in a result.
type stint struct {
	*lane
	cursor Cursor
	held   *journal.Delivery // nil: only what was set aside is tried
	asides *asides
	window *window
	more   bool      // there may be entries that were not taken up
	until  time.Time // nothing is taken up any more after it; zero: no matter how long

	under   int // ways that are being worked on
	crew    *crew
	results chan result
	rest    rest
	round   atomic.Int64 // grows with each failure that counts: what began before it says nothing new

	switched <-chan struct{} // closes when the endpoint is switched
	news     <-chan struct{} // closes when something was stored; nil: nobody here can tell

	quit    time.Time        // an idle stint ends then; zero: it is not idle
	kept    journal.Revision // up to where the cursor has followed
	keeping chan error       // while it is made to; nil: it is not
	keepDue time.Time
}

const (
	// windowEntries is how many entries a stint has in its hands at most.
	windowEntries = 64

	// laneWidth is how many licences of a partition are told of at once.
	laneWidth = 8

	// lingerFor is how long a stint waits for more before it gives its partition up, which costs the engine more than an entry does.
	lingerFor = time.Second

	// sharedStint is how long a stint takes entries up where other gateways want their share of the partitions.
	sharedStint = 5 * time.Second
)

func newStint(l *lane, cursor Cursor, held *journal.Delivery, set *asides) *stint {
	s := &stint{lane: l, cursor: cursor, held: held, asides: set, window: newWindow(), crew: newCrew(), results: make(chan result)}
	set.join(s.window)
	if held == nil { // who has something new for the platform must not wait until nothing is due any more
		s.until = time.Now().Add(lingerFor)
		return s
	}
	if cursor.News() == nil {
		s.until = time.Now().Add(sharedStint)
	}
	s.more = true
	if first := s.window.take(held.Entry); len(first.items) == 1 {
		first.trouble.attempts = held.Attempt - 1 // the engine's count, which outlives a restart
	}
	return s
}

// run works until ctx ends, the endpoint is off, there is nothing more to do, or something of our own fails.
func (s *stint) run(ctx context.Context) error {
	working, cancel := context.WithCancel(ctx)
	err := s.work(working)
	cancel()
	return errors.Join(err, s.end(context.WithoutCancel(ctx)))
}

func (s *stint) work(ctx context.Context) error {
	look := time.NewTicker(min(lookAgain, s.endpoint.holdFor()/3))
	defer look.Stop()
	wake := time.NewTimer(0)
	defer wake.Stop()
	for {
		health := s.heedSwitch()
		s.heedNews()
		if err := s.proceed(ctx); err != nil || ctx.Err() != nil || health.Off || s.over() {
			return err
		}
		wake.Reset(s.sleep())
		if err := s.await(ctx, look.C, wake.C); err != nil {
			return err
		}
	}
}

// heedSwitch gives the endpoint's health. Whoever has switched it on, be it once more, says that it works: nothing waits any more.
func (s *stint) heedSwitch() Health {
	health, switched := s.endpoint.health.now()
	if s.switched != switched && s.switched != nil {
		s.rest = rest{}
		s.window.hurry()
	}
	s.switched = switched
	return health
}

// heedNews asks for the next news, but not before the last was heard, and before what is there is read: nothing comes unnoticed.
func (s *stint) heedNews() {
	select {
	case <-s.news:
		s.more = true
	default:
		if s.news != nil {
			return
		}
	}
	s.news = s.cursor.News()
}

// await waits until something happens.
func (s *stint) await(ctx context.Context, look, wake <-chan time.Time) (err error) {
	select {
	case r := <-s.results:
		s.took(r)
		s.more = s.more || s.news == nil // nobody tells, so each end of work is a reason to look
	case err = <-s.keeping:
		s.followed(err)
	case <-s.news: // the next turn heeds it
	case <-s.switched: // the next turn heeds it
	case <-look:
		err = s.hold(ctx)
	case <-wake:
	case <-ctx.Done():
	}
	return err
}

// proceed does whatever can be done now.
func (s *stint) proceed(ctx context.Context) error {
	if s.held != nil && !s.held.Holds() {
		return journal.ErrLapsed
	}
	if err := s.readAhead(ctx); err != nil {
		return err
	}
	s.begin(ctx)
	if err := s.setAside(ctx); err != nil {
		return err
	}
	return s.keep(ctx)
}
