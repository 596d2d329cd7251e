package changefeed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Ledger keeps the history of each licence; [journal.Ledger] is one. Keys are licence keys.
type Ledger interface {
	// Put stores the next entry of a key, if revision follows is still its last one, and returns when it is durable.
	Put(ctx context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error)
	// Last gives the newest entry of a key, or [journal.ErrNotFound].
	Last(ctx context.Context, key string) (journal.Entry, error)
	// Read gives the entry of a revision, or [journal.ErrNotFound].
	Read(ctx context.Context, revision journal.Revision) (journal.Entry, error)
}

// Sealer encrypts what the ledger holds, since it is about people. aad is the licence's key: an entry moved to another licence does
// not open.
type Sealer interface {
	Seal(content, aad []byte) ([]byte, error)
	Open(sealed, aad []byte) ([]byte, error)
}

// Known is one entry of a licence's history: what was known after a report.
type Known struct {
	State    *exchange.LicenceState // nil: nothing is known
	Subject  exchange.Subject       // whose licence it is
	Outcome  exchange.ReportOutcome // of the report that this entry keeps; only [exchange.ReportAccepted] made a new version
	Revision journal.Revision       // of the entry, 0 for none
	Follows  journal.Revision       // the licence's entry before it, 0 for none
	Stored   time.Time              // when the ledger stored the entry, UTC

	partition int // of the licence
}

// Book reads and writes what is known of licences. It is safe for concurrent use.
type Book struct {
	ledger Ledger
	sealer Sealer
	clock  func() time.Time
	shelf  shelf
}

// NewBook keeps the book in ledger, sealed by sealer.
func NewBook(ledger Ledger, sealer Sealer, clock func() time.Time) *Book {
	return &Book{ledger: ledger, sealer: sealer, clock: clock}
}

// Last gives what is known of a licence now; a Known without State if that is nothing. Errors: [ErrUnreadable], the ledger's.
func (b *Book) Last(ctx context.Context, licence string) (Known, error) {
	entry, err := b.ledger.Last(ctx, licence)
	if errors.Is(err, journal.ErrNotFound) {
		return Known{}, nil
	}
	if err != nil {
		return Known{}, fmt.Errorf("read what is known of a licence: %w", err)
	}
	return b.Open(&entry)
}

// Read gives what was known at a revision. Errors: [journal.ErrNotFound], [ErrUnreadable], the ledger's.
func (b *Book) Read(ctx context.Context, revision journal.Revision) (Known, error) {
	entry, err := b.ledger.Read(ctx, revision)
	if err != nil {
		return Known{}, fmt.Errorf("read revision %d: %w", revision, err)
	}
	return b.Open(&entry)
}

// put stores what is known next, after known. Errors: the ledger's.
func (b *Book) put(ctx context.Context, next *Known, follows journal.Revision) error {
	data, err := b.seal(next)
	if err != nil {
		return err
	}
	if next.Revision, err = b.ledger.Put(ctx, next.State.Licence, data, follows); err != nil {
		return fmt.Errorf("keep what is known of a licence: %w", err)
	}
	return nil
}
