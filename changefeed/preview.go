package changefeed

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Preview shows what an action would be about. Token freezes it: what is parked later is not in it, what somebody else decides in the
// meantime drops out, and so does what is tried and fails again.
type Preview struct {
	Token     string
	Selection Selection
	Count     int
	First     []Parked // up to five, in the order of the changes
}

const previewed = 5

// frozen is the content of a token.
type frozen struct {
	Selection Selection        `json:"s"`
	UpTo      journal.Revision `json:"r"` // the newest form in the parking's ledger that is meant
}

// place is a parked delivery among those of a token: its key and where its change stands in the licences' ledger.
type place struct {
	key      string
	revision journal.Revision
}

// Preview selects. It holds a key of about 100 bytes for each delivery selected.
func (p *Parking) Preview(ctx context.Context, s Selection) (Preview, error) {
	f := frozen{Selection: s}
	var places []place
	err := p.List(ctx, s, func(parked Parked) error {
		f.UpTo = max(f.UpTo, parked.at)
		places = append(places, place{parked.key(), parked.Revision})
		return nil
	})
	if err != nil {
		return Preview{}, err
	}
	token, err := json.Marshal(f)
	if err != nil {
		return Preview{}, err
	}
	preview := Preview{Token: base64.RawURLEncoding.EncodeToString(token), Selection: s, Count: len(places)}
	preview.First, err = p.first(ctx, inOrder(places))
	return preview, err
}

// inOrder sorts by the order of the changes, so that a licence's versions stay in order.
func inOrder(places []place) []place {
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.revision, b.revision), cmp.Compare(a.key, b.key)) })
	return places
}

// thaw gives what of a token is still to be decided. Errors: InvalidRequest for a token that is none.
func (p *Parking) thaw(ctx context.Context, token string) (frozen, []place, error) {
	var f frozen
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err = errors.Join(err, json.Unmarshal(text, &f)); err != nil {
		return f, nil, exchange.Errorf(exchange.InvalidRequest, "not the token of a preview: %w", err)
	}
	var places []place
	err = p.List(ctx, f.Selection, func(parked Parked) error {
		if parked.at <= f.UpTo {
			places = append(places, place{parked.key(), parked.Revision})
		}
		return nil
	})
	return f, inOrder(places), err
}

// take reads a delivery of a token again. ErrNotWaiting: it has been decided, or parked anew, since.
func (f *frozen) take(ctx context.Context, p *Parking, at place) (Parked, error) {
	parked, err := p.last(ctx, at.key)
	if err != nil {
		return Parked{}, err
	}
	if parked.Fate != Waiting || parked.at > f.UpTo {
		return Parked{}, ErrNotWaiting
	}
	return parked, nil
}
