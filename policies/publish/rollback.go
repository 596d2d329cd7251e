package publish

import (
	"context"
	"encoding/json"
	"fmt"
	"hash"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange/personal"
)

// Rollback is a signed order to go one step back: to what was in force before the bundle in force. It names both, so that it does
// nothing else than what was meant when it was signed, and its sequence, so that it works once.
type Rollback struct {
	Format   int    `json:"format"`   // 1
	From     string `json:"from"`     // content in force
	To       string `json:"to"`       // content that was in force before; empty: the policies that the gateway starts with
	Sequence uint64 `json:"sequence"` // when it was ordered, in milliseconds since 1970 UTC
	Reason   string `json:"reason"`   // one line, for the record
	By       string `json:"by"`       // who orders it, an approver
}

// signedRollback is an order as it travels.
type signedRollback struct {
	Order     Rollback  `json:"order"`
	Signature Signature `json:"signature"`
}

// maxOrder bounds an order on its way.
const maxOrder = 4 << 10

// SignRollback makes the order that a gateway takes.
func SignRollback(order Rollback, key string, signer Signer, newHash func() hash.Hash) ([]byte, error) {
	order.Format = formatVersion
	if err := order.check(); err != nil {
		return nil, err
	}
	text, err := order.text()
	if err != nil {
		return nil, err
	}
	value, err := signer.Sign(message(kindRollback, restorer, order.By, key, text, newHash))
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return json.MarshalIndent(signedRollback{order, Signature{restorer, order.By, key, value}}, "", "  ")
}

func (r *Rollback) text() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the order: %w", err)
	}
	return text, nil
}

func (r *Rollback) check() error {
	switch {
	case r.Format != formatVersion:
		return refuse(Malformed, "format %d; this program knows %d", r.Format, formatVersion)
	case !digestForm.MatchString(r.From) || r.To != "" && !digestForm.MatchString(r.To):
		return refuse(Malformed, "from and to are 64 hexadecimal digits")
	case !partyForm.MatchString(r.By) || personal.Blank(r.Reason) || !line(r.Reason, maxNote):
		return refuse(Malformed, "who orders it and why, in one line of at most %d bytes, are required", maxNote)
	case personal.Holds(r.Reason, time.UnixMilli(int64(r.Sequence))):
		return refuse(Malformed, "the reason holds an ID number, and would stay on record")
	}
	return nil
}

// readRollback reads and verifies an order.
func readRollback(text []byte, people People, at time.Time, newHash func() hash.Hash) (*Rollback, error) {
	if len(text) > maxOrder {
		return nil, refuse(TooLarge, "an order has at most %d bytes", maxOrder)
	}
	var signed signedRollback
	if err := readCanonical(text, &signed); err != nil {
		return nil, err
	}
	order, s := &signed.Order, signed.Signature
	if err := order.check(); err != nil {
		return nil, err
	}
	if s.Role != restorer || s.Party != order.By {
		return nil, refuse(UnknownSigner, "signed by %s for %s", clipped(s.Party), order.By)
	}
	orderText, err := order.text()
	if err != nil {
		return nil, err
	}
	// An approver's keys sign rollbacks as well; the domain of the message keeps both apart.
	return order, people.Verify(Approver, s.Party, s.Key, at, message(kindRollback, restorer, s.Party, s.Key, orderText, newHash), s.Value)
}

// Rollback goes one step back by a signed order of somebody who may approve for all platforms: the step takes back what all of them see.
// What it leads to is read, verified and built before the order is on record. The error is a [Refusal], or one of the board's.
func (p *Publisher) Rollback(ctx context.Context, order []byte) (Standing, error) {
	now := p.config.Clock().UTC()
	read, err := readRollback(order, p.config.People, now, p.config.NewHash)
	if err != nil {
		return Standing{}, err
	}
	if !p.config.People.MayApprove(read.By, nil) {
		return Standing{}, refuse(UnknownSigner, "%s approves for some platforms only, and a step back concerns all", read.By)
	}
	standing, at, err := p.config.Board.Load(ctx)
	if err != nil {
		return Standing{}, err
	}
	next, err := p.stepBack(ctx, standing, read, now)
	if err != nil {
		return Standing{}, err
	}
	act := Act{Kind: RolledBack, By: []string{read.By}, Reason: read.Reason, Revision: next.Active.Revision, Order: order, At: now}
	return next, p.take(ctx, act, next, at)
}

// stepBack gives the standing after an order that is newer than all before it and leads to what can be in force.
func (p *Publisher) stepBack(ctx context.Context, standing Standing, order *Rollback, now time.Time) (Standing, error) {
	if err := fresh(order.Sequence, standing, now); err != nil {
		return Standing{}, err
	}
	next, err := standing.stepBack(order, now)
	if err != nil {
		return Standing{}, err
	}
	return next, p.loadable(ctx, next.Active)
}

// loadable says whether every node could load what was in force once: a step back to what none can would leave them all behind the board.
func (p *Publisher) loadable(ctx context.Context, former Active) error {
	files := p.config.Base
	if former.Content != "" {
		b, err := shelved(ctx, p.config.Shelf, former, p.config.NewHash)
		if err != nil {
			return err
		}
		// As a [Follower] will: by the people of today, at the time when it was accepted.
		if err := b.Verify(p.config.People, former.Accepted); err != nil {
			return err
		}
		files = b.Files
	}
	if err := p.config.Builds(ctx, files); err != nil {
		return &Refusal{Code: NotInOrder, Err: err}
	}
	return nil
}
