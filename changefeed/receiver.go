package changefeed

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Receiver tells one platform of a change, in the platform's own dialect.
type Receiver interface {
	// Apply returns nil when the platform has the notice's version of the licence, or a higher one: it must be idempotent by
	// both, since a notice may come twice, and late after a newer one.
	//
	// An [*exchange.Error] says what else: SourceDown, SourceTimeout, Overloaded, TransferInterrupted and SourceInvalid are
	// tried again; [exchange.EndpointGone] switches the endpoint off; any other code is the platform's refusal for good and
	// parks the delivery. What is no exchange.Error counts as a fault of the adapter and is tried again; its text is not logged,
	// since it may quote foreign bytes.
	Apply(ctx context.Context, notice exchange.Notice) error
}

// Endpoint is one receiving platform.
type Endpoint struct {
	Platform     string // its id, as policy and reports know it; 1 to 32 of a-z, 0-9 and inner hyphens
	Receiver     Receiver
	Purpose      exchange.Purpose // why it is told; policy decides by it
	Gateway      string           // the id of the gateway behind the platform, if it is one: what has passed it does not go back
	EveryVersion bool             // it wants each version; false: the newest one will do
	Timeout      time.Duration    // of one Apply; 0: 10 s
	Parallel     int              // notices under way at once, of different licences; 0: 16
	Batched      bool             // another driver tells it, by its [Outlet]: Receiver serves replays and repairs only
}

const defaultTimeout = 10 * time.Second

func (e *Endpoint) timeout() time.Duration {
	if e.Timeout == 0 {
		return defaultTimeout
	}
	return e.Timeout
}

const defaultParallel = 16

func (e *Endpoint) width() int {
	if e.Parallel == 0 {
		return defaultParallel
	}
	return e.Parallel
}

// holdFor is how long an entry must be held so that nobody else gets it while this endpoint is told: reading, deciding, applying and
// recording included.
func (e *Endpoint) holdFor() time.Duration { return 2*e.timeout() + 2*recordBudget }

// echoes reports whether the change came from the endpoint itself, which knows it, or has passed the gateway behind it.
func (e *Endpoint) echoes(c *exchange.Change) bool {
	if c.Reporter == e.Platform || c.Origin == e.Platform {
		return true
	}
	for _, gateway := range c.Via {
		if gateway == e.Gateway || gateway == e.Platform {
			return true
		}
	}
	return false
}

// Cursor is a platform's durable place in one partition of the licences' ledger; [journal.Cursor] is one.
type Cursor interface {
	// Next waits for the next entry; with it the whole partition is held until it is given up.
	Next(ctx context.Context) (*journal.Delivery, error)
	// Pending tells what the platform has not been told yet.
	Pending(ctx context.Context) (journal.Backlog, error)
	Ahead
}

// Ahead is what lies before a cursor that holds an entry.
type Ahead interface {
	// After reads up to limit entries of the partition that follow a revision; fewer: there are no more yet.
	After(ctx context.Context, revision journal.Revision, limit int) ([]journal.Entry, error)
	// News gives a channel that closes when there is more to read; nil: nobody here can tell, since others write too.
	News() <-chan struct{}
}

// Cursors opens the cursor of a platform, whose entries may be held for holdFor.
type Cursors func(ctx context.Context, platform string, partition int, holdFor time.Duration) (Cursor, error)
