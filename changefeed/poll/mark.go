package poll

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// ErrMark says that a durable place is not one that this program wrote. It is for an operator to look at: to begin anew could
// leave changes out.
var ErrMark = errors.New("a mark of polling can't be read")

// mark is one durable value, with the revision that it was last seen at.
type mark[T any] struct {
	marks    Marks
	key      string
	revision uint64
}

// load reads the value; found is false if there is none yet.
func (m *mark[T]) load(ctx context.Context) (value T, found bool, err error) {
	stored, err := m.marks.Get(ctx, m.key)
	if errors.Is(err, journal.ErrNotFound) {
		m.revision = 0
		return value, false, nil
	}
	if err != nil {
		return value, false, fmt.Errorf("read a place of polling: %w", err)
	}
	if err := json.Unmarshal(stored.Data, &value); err != nil {
		return value, false, fmt.Errorf("%w: %s", ErrMark, m.key)
	}
	m.revision = stored.Revision
	return value, true, nil
}

// store writes the value over the one that was seen last, or fails with [journal.ErrConflict].
func (m *mark[T]) store(ctx context.Context, value T) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode a place of polling: %w", err)
	}
	revision, err := m.marks.Put(ctx, m.key, data, m.revision)
	if err != nil {
		return fmt.Errorf("keep a place of polling: %w", err)
	}
	m.revision = revision
	return nil
}
