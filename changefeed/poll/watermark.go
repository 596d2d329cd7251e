package poll

import (
	"context"
	"errors"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// watermark is the durable moment from which an incremental reading goes on: what was updated before it, less the overlap, has been
// reported. It holds a moment and no key, since a key may be a personal number; a reading begins with all rows of its moment.
type watermark struct {
	mark   mark[stamp]
	moment time.Time
	known  bool
}

type stamp struct {
	Moment time.Time `json:"moment"`
}

func newWatermark(marks Marks, source string) *watermark {
	return &watermark{mark: mark[stamp]{marks: marks, key: "incremental/" + source}}
}

// load reads the watermark. Where there is none, first becomes it and is kept, so that a restart does not begin later.
func (w *watermark) load(ctx context.Context, first time.Time) error {
	if w.known {
		return nil
	}
	stored, found, err := w.mark.load(ctx)
	if err == nil && !found {
		stored = stamp{first.UTC()}
		err = w.mark.store(ctx, stored)
	}
	if err != nil {
		return err
	}
	w.moment, w.known = stored.Moment, true
	return nil
}

// raise moves the watermark, never back. A gateway that moved it further in the meantime is followed.
func (w *watermark) raise(ctx context.Context, moment time.Time) error {
	for moment.After(w.moment) {
		w.known = false
		err := w.mark.store(ctx, stamp{moment.UTC()})
		if err == nil {
			w.moment, w.known = moment, true
			return nil
		}
		if !errors.Is(err, journal.ErrConflict) {
			return err
		}
		if err := w.load(ctx, moment); err != nil {
			return err
		}
	}
	return nil
}
