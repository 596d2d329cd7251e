package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// tray keeps candidates in the journal, for all nodes and until they are published or taken away. Slots are used again, so that it never
// grows.
type tray struct{ state *journal.State }

// trayed is one candidate in the list. Bundle and report lie in its slot.
type trayed struct {
	ID   string    `json:"id"`
	Slot string    `json:"slot"`
	By   string    `json:"by"` // who put it there
	At   time.Time `json:"at"`
}

const (
	trayKey      = "candidates"
	reportSuffix = ".impact" // of a slot's key, beside its bundle
)

// slots are the keys of the bundles.
func slots() []string {
	return []string{"candidate.1", "candidate.2", "candidate.3", "candidate.4", "candidate.5", "candidate.6"}
}

// errTrayFull tells that candidates must go first.
var errTrayFull = errors.New("there are six candidates already: publish one or take one away")

func (t tray) list(ctx context.Context) ([]trayed, uint64, error) {
	var all []trayed
	value, err := t.state.Get(ctx, trayKey)
	if errors.Is(err, journal.ErrNotFound) {
		return nil, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(value.Data, &all)
	}
	return all, value.Revision, err
}

func (t tray) find(ctx context.Context, id string) (trayed, error) {
	all, _, err := t.list(ctx)
	if err != nil {
		return trayed{}, err
	}
	if i := slices.IndexFunc(all, func(one trayed) bool { return one.ID == id }); i >= 0 {
		return all[i], nil
	}
	return trayed{}, errNoCandidate()
}

// open gives a candidate's bundle, with its revision in the journal. NotFound: it was listed and is not there yet, or never came.
func (t tray) open(ctx context.Context, one trayed) (*publish.Bundle, journal.Value, error) {
	value, err := t.state.Get(ctx, one.Slot)
	if errors.Is(err, journal.ErrNotFound) {
		return nil, value, errNoCandidate()
	}
	if err != nil {
		return nil, value, err
	}
	b, err := publish.Read(bytes.NewReader(value.Data), smcrypto.NewSM3)
	if err == nil && candidateID(b) != one.ID {
		err = errNoCandidate()
	}
	return b, value, err
}

func candidateID(b *publish.Bundle) string {
	return publish.Active{Content: b.Statement.Content, Sequence: b.Statement.Sequence}.ID()
}

func errNoCandidate() error { return exchange.Errorf(exchange.NotFound, "no such candidate") }

// report gives what its impact on recorded decisions was, nil if that is not known.
func (t tray) report(ctx context.Context, one trayed) ([]byte, error) {
	value, err := t.state.Get(ctx, one.Slot+reportSuffix)
	if errors.Is(err, journal.ErrNotFound) {
		return nil, nil
	}
	return value.Data, err
}

// put adds a candidate. The list comes first, since whoever is named there owns the slot; a bundle of another id in it counts for nothing.
func (t tray) put(ctx context.Context, b *publish.Bundle, by string, report []byte, now time.Time) (trayed, error) {
	packed, err := b.Encode()
	if err != nil {
		return trayed{}, err
	}
	all, revision, err := t.list(ctx)
	if err != nil {
		return trayed{}, err
	}
	all = slices.DeleteFunc(all, func(one trayed) bool { return t.lost(ctx, one, now) })
	if at := slices.IndexFunc(all, func(one trayed) bool { return one.ID == candidateID(b) }); at >= 0 {
		return all[at], nil // brought a second time
	}
	one := trayed{ID: candidateID(b), By: by, At: now.UTC(), Slot: free(all)}
	if one.Slot == "" {
		return trayed{}, errTrayFull
	}
	if err := t.write(ctx, append(all, one), revision); err != nil {
		return trayed{}, err
	}
	return one, errors.Join(t.fill(ctx, one.Slot, packed), t.fill(ctx, one.Slot+reportSuffix, report))
}

// lost says of a candidate that was listed a while ago whether its bundle never came.
func (t tray) lost(ctx context.Context, one trayed, now time.Time) bool {
	_, _, err := t.open(ctx, one)
	return exchange.CodeOf(err) == exchange.NotFound && now.Sub(one.At) > time.Minute
}

func free(all []trayed) string {
	for _, slot := range slots() {
		if !slices.ContainsFunc(all, func(had trayed) bool { return had.Slot == slot }) {
			return slot
		}
	}
	return ""
}

func (t tray) fill(ctx context.Context, key string, data []byte) error {
	before, err := t.state.Get(ctx, key)
	if err != nil && !errors.Is(err, journal.ErrNotFound) {
		return err
	}
	_, err = t.state.Put(ctx, key, data, before.Revision)
	return err
}

func (t tray) write(ctx context.Context, all []trayed, revision uint64) error {
	data, err := json.Marshal(all)
	if err == nil {
		_, err = t.state.Put(ctx, trayKey, data, revision)
	}
	return err
}

// drop takes a candidate out of the list; one that is not there is no error.
func (t tray) drop(ctx context.Context, id string) error {
	all, revision, err := t.list(ctx)
	if err != nil || !slices.ContainsFunc(all, func(one trayed) bool { return one.ID == id }) {
		return err
	}
	return t.write(ctx, slices.DeleteFunc(all, func(one trayed) bool { return one.ID == id }), revision)
}
