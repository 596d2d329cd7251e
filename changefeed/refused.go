package changefeed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Refusal is a platform's word that it will not take a version of a licence.
type Refusal struct {
	Licence  string
	Version  uint64           // 0: that of the entry
	Revision journal.Revision // of the entry that told it; 0: the licence's newest
	Code     exchange.Code
	At       time.Time // when the platform refused it; the same refusal again is known by it
	Remark   string    // its own words, which may name a person: kept sealed
}

// ErrNeverTold says that a refusal names no licence of this gateway, or a version that it does not have.
var ErrNeverTold = errors.New("a refusal of what was never told")

// Refused parks what the platform refused and makes that durable; it reports false for a refusal that was parked before, whatever
// became of it. Errors: [ErrNeverTold], the journal's, Overloaded and RecordNotDurable.
func (o *Outlet) Refused(ctx context.Context, r Refusal) (bool, error) {
	if err := o.complete(ctx, &r); err != nil {
		return false, err
	}
	said := Failure{r.At.UTC(), r.Code}
	parked := Parked{
		Platform: o.Platform(), Licence: r.Licence, Version: r.Version, Revision: r.Revision, Reason: r.Code, Since: o.cfg.Clock().UTC(),
		Attempts: 1, History: []Failure{said},
	}
	known, err := o.cfg.Parking.last(ctx, parked.key())
	if err != nil && !errors.Is(err, journal.ErrNotFound) {
		return false, err
	}
	if err == nil && slices.ContainsFunc(known.History, said.is) {
		return false, nil
	}
	if parked.Sealed, err = o.cfg.Book.sealRemark(&parked, r.Remark); err != nil {
		return false, err
	}
	if _, err := durable(ctx, o.cfg.Recorder, o.cfg.parkedRecord(&parked, o.endpoint.Purpose)); err != nil {
		return false, err
	}
	if err := o.cfg.Parking.park(ctx, parked); err != nil {
		return false, err
	}
	o.Count(OutcomeParked)
	return true, nil
}

// complete finds the entry of a refusal that comes from outside.
func (o *Outlet) complete(ctx context.Context, r *Refusal) error {
	if r.Revision != 0 {
		return nil
	}
	if !keyPattern.MatchString(r.Licence) {
		return ErrNeverTold
	}
	newest, err := o.cfg.Book.Last(ctx, r.Licence)
	if err != nil {
		return err
	}
	if newest.State == nil || r.Version > newest.State.Version {
		return ErrNeverTold
	}
	r.Revision, r.Version = newest.Revision, cmp.Or(r.Version, newest.State.Version)
	return nil
}

func (f Failure) is(other Failure) bool { return f.Code == other.Code && f.At.Equal(other.At) }

// Remark gives what the platform said of a parked delivery, "" if nothing: for the operators' eyes, never for a log. Errors:
// [ErrUnreadable].
func (b *Book) Remark(p *Parked) (string, error) {
	if len(p.Sealed) == 0 {
		return "", nil
	}
	text, err := b.sealer.Open(p.Sealed, []byte(p.key()))
	if err != nil {
		return "", fmt.Errorf("%w: remark of a parked delivery: %w", ErrUnreadable, err)
	}
	return string(text), nil
}

func (b *Book) sealRemark(p *Parked, remark string) ([]byte, error) {
	if remark == "" {
		return nil, nil
	}
	sealed, err := b.sealer.Seal([]byte(remark), []byte(p.key()))
	if err != nil {
		return nil, fmt.Errorf("seal a remark: %w", err)
	}
	return sealed, nil
}
