package publish

import (
	"bytes"
	"context"
	"errors"
	"hash"
	"time"
)

// Verdict is what a rehearsal found about a candidate that is in order.
type Verdict struct {
	Trial
	Platforms []string // that see something else than before; nil: it can't be told, so all
}

// Rehearsal tries a candidate out where it can do no harm, and compares it with what is in force.
type Rehearsal interface {
	// Rehearse gives a [Refusal] with [NotInOrder] or [Exhausted] for what must not come into force.
	Rehearse(ctx context.Context, before, candidate Files) (Verdict, error)
}

// Act is something that somebody did to the policies, for the record.
type Act struct {
	Kind     string // [Published] or [RolledBack]
	By       []string
	Reason   string
	Revision string
	Order    []byte // what was signed: the statement, or the order
	At       time.Time
}

// The kinds of acts.
const (
	Published  = "policies.publish"
	RolledBack = "policies.rollback"
)

// Config is what a [Publisher] works with. All members are required.
type Config struct {
	People    People
	Board     Board
	Shelf     Shelf
	Rehearsal Rehearsal
	Builds    func(ctx context.Context, policies Files) error // says whether a gateway can load them
	Base      Files                                           // the policies that the gateway starts with
	Record    func(ctx context.Context, act Act) error        // makes an act durable; it comes before any effect
	NewHash   func() hash.Hash
	Clock     func() time.Time
}

// Publisher brings bundles and orders into force. It is safe for concurrent use; of two that come at once, one is told that it was late.
type Publisher struct{ config Config }

// NewPublisher makes one.
func NewPublisher(config Config) *Publisher { return &Publisher{config} }

// skew is how far a signer's clock may be ahead of ours. A sequence far ahead would lock out everything after it.
const skew = 5 * time.Minute

// Standing gives what is in force.
func (p *Publisher) Standing(ctx context.Context) (Standing, error) {
	standing, _, err := p.config.Board.Load(ctx)
	return standing, err
}

// Publish brings a bundle into force: form and digests, then signatures, then whether it is newer, then the rehearsal, then whether the
// approvals are enough for what it widens. All of it is decided here and nothing taken from the author's word. A bundle that is in
// force already is no error. The error is a [Refusal], or one of the board's.
func (p *Publisher) Publish(ctx context.Context, packed []byte) (Standing, error) {
	now := p.config.Clock().UTC()
	b, err := Read(bytes.NewReader(packed), p.config.NewHash)
	if err != nil {
		return Standing{}, err
	}
	if err := b.Verify(p.config.People, now); err != nil {
		return Standing{}, err
	}
	standing, at, err := p.config.Board.Load(ctx)
	if err != nil || standing.Active.is(b) {
		return standing, err
	}
	if err := fresh(b.Statement.Sequence, standing, now); err != nil {
		return Standing{}, err
	}
	widens, err := p.judge(ctx, b, standing)
	if err != nil {
		return Standing{}, err
	}
	// The nodes of a cluster that ask one source find the same bundle and try it out side by side. The first one is enough.
	if meanwhile, _, err := p.config.Board.Load(ctx); err != nil || meanwhile.Active.is(b) {
		return meanwhile, err
	}
	next := standing.followedBy(Active{
		Content: b.Statement.Content, Revision: b.Statement.Revision, Sequence: b.Statement.Sequence, Author: b.Statement.Author,
		Approved: b.Approvers(), Accepted: now, Since: p.config.Clock().UTC(), Note: b.Statement.Note, // the rehearsal took its time
		Widens: widens,
	})
	if err := p.config.Shelf.Keep(ctx, next.Active.ID(), packed); err != nil {
		return Standing{}, kept(err)
	}
	act := Act{Kind: Published, By: append([]string{b.Statement.Author}, b.Approvers()...), Reason: b.Statement.Note,
		Revision: b.Statement.Revision, Order: b.statement, At: now}
	if err := p.take(ctx, act, next, at); err != nil {
		return p.anyway(ctx, b, err)
	}
	return next, nil
}

// anyway says whether somebody else brought the very same bundle into force at the same moment, which is no failure.
func (p *Publisher) anyway(ctx context.Context, b *Bundle, failed error) (Standing, error) {
	if CodeOf(failed) != Superseded {
		return Standing{}, failed
	}
	standing, err := p.Standing(ctx)
	if err != nil || !standing.Active.is(b) {
		return Standing{}, failed
	}
	return standing, nil
}

// is says whether this bundle is what is in force.
func (a Active) is(b *Bundle) bool {
	return a.Content == b.Statement.Content && a.Sequence == b.Statement.Sequence
}

// fresh says whether a bundle or order is newer than all that had an effect.
func fresh(sequence uint64, standing Standing, now time.Time) error {
	switch {
	case sequence <= standing.Sequence:
		return refuse(Older, "made at %d, and what was made at %d was in force already", sequence, standing.Sequence)
	case sequence > uint64(now.Add(skew).UnixMilli()):
		return refuse(Ahead, "made at %s by the maker's clock", time.UnixMilli(int64(sequence)).UTC().Format(time.RFC3339))
	}
	return nil
}

// judge rehearses a bundle against what is in force and counts the approvals.
func (p *Publisher) judge(ctx context.Context, b *Bundle, standing Standing) (widens bool, err error) {
	before, err := p.files(ctx, standing.Active)
	if err != nil {
		return false, err
	}
	verdict, err := p.config.Rehearsal.Rehearse(ctx, before, b.Files)
	if err != nil {
		return false, err
	}
	return verdict.Widens, b.Approved(p.config.People, verdict.Widens, verdict.Platforms)
}

// InForce gives the files of what is in force on the board, with the bundle that they came in; nil: they are those that the gateway
// starts with.
func (p *Publisher) InForce(ctx context.Context) (Files, []byte, error) {
	standing, err := p.Standing(ctx)
	if err != nil || standing.Active.Content == "" {
		return p.config.Base, nil, err
	}
	packed, err := p.config.Shelf.Bundle(ctx, standing.Active.ID())
	if err != nil {
		return nil, nil, kept(err)
	}
	b, err := Read(bytes.NewReader(packed), p.config.NewHash)
	if err != nil {
		return nil, nil, err
	}
	return b.Files, packed, nil
}

// files gives the files of what is in force.
func (p *Publisher) files(ctx context.Context, active Active) (Files, error) {
	if active.Content == "" {
		return p.config.Base, nil
	}
	b, err := shelved(ctx, p.config.Shelf, active, p.config.NewHash)
	if err != nil {
		return nil, err
	}
	return b.Files, nil
}

func shelved(ctx context.Context, shelf Shelf, wanted Active, newHash func() hash.Hash) (*Bundle, error) {
	packed, err := shelf.Bundle(ctx, wanted.ID())
	if err != nil {
		return nil, kept(err)
	}
	b, err := Read(bytes.NewReader(packed), newHash)
	if err == nil && (b.Statement.Content != wanted.Content || b.Statement.Sequence != wanted.Sequence) {
		err = refuse(Tampered, "another bundle lies in the place of %s", wanted.ID())
	}
	return b, err
}

// take puts an act on record and then the standing on the board.
func (p *Publisher) take(ctx context.Context, act Act, next Standing, at uint64) error {
	if err := p.config.Record(ctx, act); err != nil {
		return kept(err)
	}
	return kept(p.config.Board.Store(ctx, next, at))
}

// kept gives an error of what keeps things a code, unless it has one.
func kept(err error) error {
	if _, known := errors.AsType[*Refusal](err); err == nil || known {
		return err
	}
	return &Refusal{Code: NotRecorded, Err: err}
}
