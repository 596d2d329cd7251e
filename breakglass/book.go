package breakglass

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Marks keeps small durable values; [journal.State] is one. All gateways of a cluster share it.
type Marks interface {
	Get(ctx context.Context, key string) (journal.Value, error)
	Put(ctx context.Context, key string, data []byte, revision uint64) (uint64, error)
}

// bookKey is the one value that holds all openings, so that every bound is kept by compare-and-set.
const bookKey = "book"

const (
	bookKept  = 48 * time.Hour // longer than a day's count, an access and the window of a signature
	bookMost  = 256            // openings kept; some 500 bytes each
	bookTries = 16             // of a write that others forestall
	clockBack = time.Minute    // a clock that goes back by more is not believed
)

// book is the openings of the last two days, and the latest moment at which it was written: an opening that a clock which was set back
// would lengthen is good for nothing.
type book struct {
	Seen     time.Time `json:"seen"`
	Openings []Opening `json:"openings"`

	revision uint64
}

func (d *Desk) read(ctx context.Context) (*book, error) {
	value, err := d.cfg.Marks.Get(ctx, bookKey)
	if errors.Is(err, journal.ErrNotFound) {
		return &book{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the openings: %w", err)
	}
	b := &book{revision: value.Revision}
	if err := json.Unmarshal(value.Data, b); err != nil {
		return nil, exchange.Errorf(exchange.Internal, "the openings can't be read")
	}
	return b, nil
}

// errForestalled says that another node or request wrote in between: read and decide again.
var errForestalled = errors.New("forestalled")

func (d *Desk) write(ctx context.Context, b *book, now time.Time) error {
	kept := b.Openings[:0:0]
	for _, opening := range b.Openings {
		if now.Sub(opening.Asked) < bookKept {
			kept = append(kept, opening)
		}
	}
	if len(kept) > bookMost {
		return &exchange.Error{Code: exchange.Overloaded, RetryAfter: time.Minute, Err: errors.New("too many openings")}
	}
	b.Openings, b.Seen = kept, now
	data, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("write the openings: %w", err)
	}
	_, err = d.cfg.Marks.Put(ctx, bookKey, data, b.revision)
	if errors.Is(err, journal.ErrConflict) {
		return errForestalled
	}
	if err != nil {
		return fmt.Errorf("write the openings: %w", err)
	}
	return nil
}

// change reads, decides and writes until nobody else wrote in between. decide is called anew each time.
func (d *Desk) change(ctx context.Context, decide func(*book, time.Time) error) error {
	for range bookTries {
		b, err := d.read(ctx)
		if err != nil {
			return err
		}
		now := d.cfg.Clock().UTC()
		if now.Before(b.Seen.Add(-clockBack)) {
			return refusal(clockWrong)
		}
		if now.Before(b.Seen) {
			now = b.Seen
		}
		if err := decide(b, now); err != nil {
			return err
		}
		if err := d.write(ctx, b, now); !errors.Is(err, errForestalled) {
			return err
		}
	}
	return &exchange.Error{Code: exchange.Overloaded, RetryAfter: time.Second, Err: errors.New("the openings are written by others all the time")}
}

// find gives the opening of an id. Errors: NotFound.
func (b *book) find(id string) (*Opening, error) {
	for i := range b.Openings {
		if b.Openings[i].ID == id {
			return &b.Openings[i], nil
		}
	}
	return nil, exchange.Errorf(exchange.NotFound, "no opening of this id")
}

// askedToday counts what the operator asked for on the day in China, whatever became of it.
func (b *book) askedToday(operator string, now time.Time) (count int) {
	for i := range b.Openings {
		if b.Openings[i].Operator == operator && exchange.Today(b.Openings[i].Asked) == exchange.Today(now) {
			count++
		}
	}
	return count
}
