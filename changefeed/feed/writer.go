package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Writer puts a platform's changes into its feed; it is the platform's [changefeed.Receiver]. Changes that come while a batch is
// being stored share the next one.
type Writer struct {
	line    *line
	content Content

	mu      sync.Mutex
	waiting []*entrant // in the order of arrival
	busy    bool       // a goroutine stores batches
}

var _ changefeed.Receiver = (*Writer)(nil)

// entrant is a change on its way into the feed.
type entrant struct {
	text json.RawMessage
	done chan error // holds one
}

// Apply returns when the change is durable in the feed. The same notice again is another number in the feed: a reader is idempotent
// by licence and version.
//
// Errors: Overloaded and SourceTimeout, when the change may be in the feed or not and is to be brought again; SourceRefused, when it
// can never be stored, so that it is parked and those behind it go on; any other error is trouble of the ledger's, with the same
// advice as SourceTimeout.
func (w *Writer) Apply(ctx context.Context, notice exchange.Notice) error {
	e, err := w.entrant(&notice)
	if err != nil {
		return exchange.Errorf(exchange.SourceRefused, "the feed of %s can never hold it: %w", w.line.platform, err)
	}
	w.enter(context.WithoutCancel(ctx), e)
	select {
	case err := <-e.done:
		return err
	case <-ctx.Done():
		w.withdraw(e)
		return exchange.Errorf(exchange.SourceTimeout, "put a change into the feed of %s: %w", w.line.platform, context.Cause(ctx))
	}
}

func (w *Writer) entrant(notice *exchange.Notice) (*entrant, error) {
	change, err := changeOf(notice, w.content)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(change)
	if err != nil {
		return nil, fmt.Errorf("encode a change: %w", err)
	}
	if len(text) > maxChangeBytes {
		return nil, fmt.Errorf("a change of %d bytes, over %d", len(text), maxChangeBytes)
	}
	return &entrant{text: text, done: make(chan error, 1)}, nil
}

// enter takes a change and sees to it that somebody stores it. ctx belongs to nobody who might leave.
func (w *Writer) enter(ctx context.Context, e *entrant) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = append(w.waiting, e)
	if !w.busy {
		w.busy = true
		go w.store(ctx)
	}
}

// withdraw takes a change back, unless it is being stored already.
func (w *Writer) withdraw(e *entrant) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = slices.DeleteFunc(w.waiting, func(other *entrant) bool { return other == e })
}

// store runs as long as changes wait.
func (w *Writer) store(ctx context.Context) {
	for {
		group := w.take()
		if group == nil {
			return
		}
		texts := make([]json.RawMessage, len(group))
		for i, e := range group {
			texts[i] = e.text
		}
		err := w.line.commit(ctx, texts)
		for _, e := range group {
			e.done <- err
		}
	}
}

// take gives the changes for the next batch; nil and no longer busy if none waits.
func (w *Writer) take() []*entrant {
	w.mu.Lock()
	defer w.mu.Unlock()
	count, size := 0, 0
	for count < len(w.waiting) && count < maxChanges && size+len(w.waiting[count].text) <= maxBatchBytes {
		size += len(w.waiting[count].text)
		count++
	}
	if count == 0 {
		w.busy = false
		return nil
	}
	group := slices.Clone(w.waiting[:count])
	w.waiting = slices.Delete(w.waiting, 0, count)
	return group
}
