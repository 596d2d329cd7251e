package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Places keeps how far each work has come, durably and for all gateways on one journal.
type Places struct {
	Marks  changefeed.Marks
	Clock  func() time.Time
	Holder string        // this process, another one than any other's
	Hold   time.Duration // how long a place is held before others may take it; 0: 5 min
}

// place is what is kept of a work.
type place struct {
	Since    time.Time        `json:"since"`              // when it was first looked at
	Reached  time.Time        `json:"reached,omitzero"`   // what was there at this moment has been dealt with
	Revision journal.Revision `json:"revision,omitempty"` // of telling: the entry dealt with last
	Planned  journal.Revision `json:"planned,omitempty"`  // of telling: where the window ends that may be written already
	Mark     json.RawMessage  `json:"mark,omitempty"`     // of reading: the inbox's own
	Holder   string           `json:"holder,omitempty"`
	Until    time.Time        `json:"until,omitzero"`
}

// errTaken says that another gateway has taken the place over.
var errTaken = errors.New("another gateway does this work now")

const defaultHold = 5 * time.Minute

// read gives a place; it is made where there is none, so that what is due counts from now on and not from each start.
func (p *Places) read(ctx context.Context, key string) (place, uint64, error) {
	value, err := p.Marks.Get(ctx, key)
	if errors.Is(err, journal.ErrNotFound) {
		at := place{Since: p.Clock().UTC()}
		revision, err := p.write(ctx, key, &at, 0)
		if errors.Is(err, errTaken) { // made by another gateway meanwhile
			return p.read(ctx, key)
		}
		return at, revision, err
	}
	if err != nil {
		return place{}, 0, fmt.Errorf("read the place %s: %w", key, err)
	}
	var at place
	if err := json.Unmarshal(value.Data, &at); err != nil {
		return place{}, 0, fmt.Errorf("%w: place %s: %w", changefeed.ErrUnreadable, key, err)
	}
	return at, value.Revision, nil
}

func (p *Places) write(ctx context.Context, key string, at *place, follows uint64) (uint64, error) {
	data, err := json.Marshal(at)
	if err != nil {
		return 0, fmt.Errorf("encode the place %s: %w", key, err)
	}
	revision, err := p.Marks.Put(ctx, key, data, follows)
	if errors.Is(err, journal.ErrConflict) {
		return 0, fmt.Errorf("%w: %w", errTaken, err)
	}
	if err != nil {
		return 0, fmt.Errorf("keep the place %s: %w", key, err)
	}
	return revision, nil
}

// hold is a place that this process has to itself, as long as it goes on within Hold.
type hold struct {
	place
	places   *Places
	key      string
	revision uint64 // of the place's mark
}

// take holds a place, if it is free and still as the caller has read it. errTaken: it is not.
func (p *Places) take(ctx context.Context, key string, at place, revision uint64) (*hold, error) {
	if at.Holder != "" && at.Holder != p.Holder && p.Clock().Before(at.Until) {
		return nil, errTaken
	}
	h := &hold{at, p, key, revision}
	return h, h.keep(ctx)
}

// keep holds the place for another while, and makes durable what was changed of it.
func (h *hold) keep(ctx context.Context) error {
	within := h.places.Hold
	if within == 0 {
		within = defaultHold
	}
	h.Holder, h.Until = h.places.Holder, h.places.Clock().UTC().Add(within)
	return h.write(ctx)
}

// free lets others have the place.
func (h *hold) free(ctx context.Context) error {
	h.Holder, h.Until = "", time.Time{}
	return h.write(ctx)
}

func (h *hold) write(ctx context.Context) error {
	revision, err := h.places.write(ctx, h.key, &h.place, h.revision)
	if err == nil {
		h.revision = revision
	}
	return err
}
