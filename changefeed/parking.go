package changefeed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// ParkedLedger keeps what is parked; [journal.Ledger] is one.
type ParkedLedger interface {
	Put(ctx context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error)
	Last(ctx context.Context, key string) (journal.Entry, error)
	Scan(ctx context.Context, visit func(journal.Entry) error) error
}

// Parking keeps deliveries that were refused for good until an operator decides. It is safe for concurrent use, also by several
// gateways.
type Parking struct {
	ledger ParkedLedger
	clock  func() time.Time
}

// NewParking keeps parked deliveries in ledger.
func NewParking(ledger ParkedLedger, clock func() time.Time) *Parking {
	return &Parking{ledger: ledger, clock: clock}
}

// ErrNotWaiting says that somebody else has decided a parked delivery's fate, or is deciding it now.
var ErrNotWaiting = errors.New("the parked delivery does not wait any more")

// park returns when the delivery is kept. The same one again adds to its history.
func (p *Parking) park(ctx context.Context, parked Parked) error {
	known, err := p.last(ctx, parked.key())
	if err != nil && !errors.Is(err, journal.ErrNotFound) {
		return err
	}
	if err == nil && known.Fate == Waiting {
		parked.Since, parked.Attempts = known.Since, parked.Attempts+known.Attempts
		parked.History = lately(known.History, parked.History...)
	}
	parked.Fate = Waiting
	return p.put(ctx, &parked, known.at)
}

// decide gives a waiting delivery its fate. Errors: [ErrNotWaiting].
func (p *Parking) decide(ctx context.Context, parked *Parked, fate Fate, by Action) error {
	decided := *parked
	decided.Fate, decided.Operator, decided.Note, decided.Decided = fate, by.Operator, by.Reason, p.clock().UTC()
	err := p.put(ctx, &decided, parked.at)
	if errors.Is(err, journal.ErrConflict) {
		return fmt.Errorf("%w: %w", ErrNotWaiting, err)
	}
	return err
}

func (p *Parking) put(ctx context.Context, parked *Parked, follows journal.Revision) error {
	data, err := parked.encode()
	if err != nil {
		return err
	}
	if _, err := p.ledger.Put(ctx, parked.key(), data, follows); err != nil {
		return fmt.Errorf("park a delivery: %w", err)
	}
	return nil
}

func (p *Parking) last(ctx context.Context, key string) (Parked, error) {
	entry, err := p.ledger.Last(ctx, key)
	if err != nil {
		return Parked{}, fmt.Errorf("read a parked delivery: %w", err)
	}
	return decodeParked(&entry)
}

// Selection names parked deliveries that wait. The zero value of a member does not restrict.
type Selection struct {
	Platform string        `json:"platform,omitempty"`
	Reason   exchange.Code `json:"reason,omitempty"`
	From     time.Time     `json:"from,omitzero"`  // parked at this time or later
	Until    time.Time     `json:"until,omitzero"` // parked before this time
}

func (s *Selection) has(p *Parked) bool {
	return p.Fate == Waiting && (s.Platform == "" || s.Platform == p.Platform) && (s.Reason == "" || s.Reason == p.Reason) &&
		!p.Since.Before(s.From) && (s.Until.IsZero() || p.Since.Before(s.Until))
}

// List visits the selected deliveries that wait, in no order that means anything, and stops at visit's first error.
func (p *Parking) List(ctx context.Context, s Selection, visit func(Parked) error) error {
	err := p.ledger.Scan(ctx, func(entry journal.Entry) error {
		parked, err := decodeParked(&entry)
		if err != nil || !s.has(&parked) {
			return err
		}
		return visit(parked)
	})
	if err != nil {
		return fmt.Errorf("list parked deliveries: %w", err)
	}
	return nil
}
