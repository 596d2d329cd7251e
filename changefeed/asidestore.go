package changefeed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// asidesForm is how a lane's asides are stored, version 2, as JSON.
type asidesForm struct {
	Form    int       `json:"v"`
	Claimed time.Time `json:"claimed,omitzero"` // a gateway that does not hold the partition tries them until then
	List    []*aside  `json:"list"`
}

const asidesVersion = 2

// asides reads what the lane has set aside.
func (l *lane) asides(ctx context.Context) (*asides, error) {
	value, err := l.cfg.Marks.Get(ctx, l.asidesKey())
	if errors.Is(err, journal.ErrNotFound) {
		return &asides{lane: l}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what %s has set aside: %w", l.endpoint.Platform, err)
	}
	form, err := decodeAsides(value.Data)
	if err != nil {
		return nil, fmt.Errorf("what %s has set aside: %w", l.endpoint.Platform, err)
	}
	return &asides{lane: l, list: form.List, claimed: form.Claimed, revision: value.Revision}, nil
}

// asidesKey is a key of the marks that no platform's health has.
func (l *lane) asidesKey() string {
	return fmt.Sprintf("%s/aside-%d", l.endpoint.Platform, l.partition)
}

// decodeAsides reads the stored form. Errors: [ErrUnreadable].
func decodeAsides(data []byte) (asidesForm, error) {
	var form asidesForm
	if err := json.Unmarshal(data, &form); err != nil {
		return form, fmt.Errorf("%w: %d bytes are not its JSON", ErrUnreadable, len(data))
	}
	if form.Form != asidesVersion {
		return form, fmt.Errorf("%w: version %d", ErrUnreadable, form.Form)
	}
	for _, one := range form.List {
		if one == nil || !keyPattern.MatchString(one.Licence) || len(one.Entries) == 0 {
			return form, fmt.Errorf("%w: one names no licence or no entry", ErrUnreadable)
		}
	}
	return form, nil
}

// store makes the asides durable. Where another gateway came between, its word stands, and the stint ends.
func (a *asides) store(ctx context.Context) error {
	form := asidesForm{Form: asidesVersion, List: a.list}
	if a.mine && len(a.list) > 0 {
		form.Claimed = a.lane.cfg.Clock().Add(a.lane.endpoint.holdFor()).UTC()
	}
	return a.put(ctx, form)
}

// claim says that this gateway tries what is due, whether it holds the partition or not, for as long as it holds on; false: another one
// does.
func (a *asides) claim(ctx context.Context) (bool, error) {
	a.mine = true
	err := a.store(ctx)
	a.mine = err == nil
	if errors.Is(err, journal.ErrConflict) {
		return false, nil
	}
	return err == nil, err
}

// release has the next store end the claim.
func (a *asides) release() {
	a.dirty = a.dirty || a.mine && len(a.list) > 0
	a.mine = false
}

// taken reads what the lane has set aside for who holds the partition now. What another gateway tries at this moment stays its own until
// its claim ends.
func (l *lane) taken(ctx context.Context) (*asides, error) {
	for {
		set, err := l.asides(ctx)
		if err != nil || len(set.list) == 0 || set.claimed.After(l.cfg.Clock()) {
			return set, err
		}
		if mine, err := set.claim(ctx); mine || err != nil {
			return set, err
		}
	}
}

func (a *asides) put(ctx context.Context, form asidesForm) error {
	data, err := json.Marshal(form)
	if err != nil {
		return fmt.Errorf("encode what is set aside: %w", err)
	}
	revision, err := a.lane.cfg.Marks.Put(ctx, a.lane.asidesKey(), data, a.revision)
	if err != nil {
		return fmt.Errorf("keep what %s has set aside: %w", a.lane.endpoint.Platform, err)
	}
	a.revision, a.dirty = revision, false
	return nil
}
