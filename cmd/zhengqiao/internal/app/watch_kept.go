package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/watch"
)

const (
	// watchState is where the journal keeps the history behind rates and error budgets, for each node and adapter.
	watchState = "watch"
	// keptFor is a little longer than the longest window.
	keptFor = 31 * 24 * time.Hour
	// keepEvery is how much history a killed node loses.
	keepEvery = 5 * time.Minute
	// keepTime bounds one writing down of all adapters, the last one at the end too.
	keepTime = 5 * time.Second
)

// openHistory recalls what was kept of the adapters, and leaves it to the app's workers to keep it from now on.
func (a *App) openHistory(ctx context.Context) error {
	state, err := a.journal.State(ctx, journal.StateConfig{Name: watchState, TTL: keptFor})
	if err != nil {
		return err
	}
	h := &history{watcher: a.sight.Watcher, node: a.nodeName(), state: state}
	a.warnHistory(ctx, h.recall(ctx)) // a gateway serves without it
	a.workers = append(a.workers, func(ctx context.Context) error { return a.keepHistory(ctx, h) })
	return nil
}

// keepHistory keeps it until ctx ends, and once more then.
func (a *App) keepHistory(ctx context.Context, h *history) error {
	_ = every(ctx, keepEvery, func(ctx context.Context) { a.warnHistory(ctx, h.keep(ctx)) })
	last := context.WithoutCancel(ctx)
	a.warnHistory(last, h.keep(last))
	return nil
}

func (a *App) warnHistory(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		a.logger.Warn("the adapters' history", "error", err)
	}
}

// history keeps what the watcher counts under the node's name.
type history struct {
	watcher *watch.Watcher
	node    string
	state   *journal.State
}

func (h *history) key(adapter string) string { return h.node + "/" + adapter }

func (h *history) recall(ctx context.Context) error {
	var wrong error
	for _, adapter := range h.watcher.Known() {
		value, err := h.state.Get(ctx, h.key(adapter))
		if errors.Is(err, journal.ErrNotFound) {
			continue
		}
		var kept watch.Kept
		if err == nil {
			err = json.Unmarshal(value.Data, &kept)
		}
		if err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("recall %s: %w", adapter, err))
			continue
		}
		h.watcher.Recall(adapter, kept)
	}
	return wrong
}

func (h *history) keep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, keepTime)
	defer cancel()
	var wrong error
	for adapter, kept := range h.watcher.Keep() {
		if err := h.put(ctx, adapter, kept); err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("keep %s: %w", adapter, err))
		}
	}
	return wrong
}

func (h *history) put(ctx context.Context, adapter string, kept watch.Kept) error {
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	before, err := h.state.Get(ctx, h.key(adapter))
	if err != nil && !errors.Is(err, journal.ErrNotFound) {
		return err
	}
	_, err = h.state.Put(ctx, h.key(adapter), data, before.Revision)
	return err
}
