package app

import (
	"errors"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// toldAnew is what a reload makes of the receivers, before it is sure that it comes into force.
type toldAnew struct {
	changes *changes
	next    *config.Config
	behind  map[string]*leasedReceiver // opened, by id
	swap    []*config.Receiver         // that are told as before, by something new
	come    []*config.Receiver         // that are new, or told in another way
	leave   []string                   // that are not told any more, or in another way
}

// prepare opens the receivers that are new or about which something changed. Who fetches its changes itself waits for a restart: see
// [config.Fetches].
func (c *changes) prepare(a *App, next *config.Config) (*toldAnew, error) {
	t := &toldAnew{changes: c, next: next, behind: map[string]*leasedReceiver{}}
	if c == nil {
		return t, nil
	}
	var wrong error
	for i := range next.Receivers {
		if config.Fetches(a.config, next, next.Receivers[i].ID) || !t.judge(&next.Receivers[i]) {
			continue
		}
		wrong = errors.Join(wrong, t.open(a, i))
	}
	if wrong != nil {
		return nil, errors.Join(wrong, t.drop())
	}
	for id := range c.told.lasting {
		if !config.Fetches(a.config, next, id) && !next.Tells(id) {
			t.leave = append(t.leave, id)
		}
	}
	return t, nil
}

// judge notes what becomes of a receiver, and reports whether it must be opened.
func (t *toldAnew) judge(configured *config.Receiver) bool {
	l := t.changes.told.lasting[configured.ID]
	switch {
	case l == nil:
		t.come = append(t.come, configured)
	case !sameWay(t.next, l.configured, configured):
		t.leave, t.come = append(t.leave, configured.ID), append(t.come, configured)
	case l.now.Load().print == printOfReceiver(t.next, configured):
		return false
	default:
		t.swap = append(t.swap, configured)
	}
	return true
}

// sameWay reports whether the delivery needs no other endpoint for it.
func sameWay(c *config.Config, old, next *config.Receiver) bool {
	return old.Kind == next.Kind && old.Region == next.Region && endpointOf(c, old, nil) == endpointOf(c, next, nil)
}

func (t *toldAnew) open(a *App, i int) error {
	configured := &t.next.Receivers[i]
	receiver, err := openReceiver(t.next, i, a.outboundOf(t.next), a.sight.wiring)
	if err != nil {
		return err
	}
	watched := a.sight.receivers(receivers{receiver.ID: receiver})[receiver.ID]
	t.behind[configured.ID] = newLeasedReceiver(watched, printOfReceiver(t.next, configured), a.warnClosing)
	return nil
}

// apply puts all in force: first nobody is told any more whom the configuration doesn't name, then come those that are new. What was
// replaced is closed when its last notice is through.
func (t *toldAnew) apply(a *App) {
	for _, id := range t.leave {
		t.changes.dispatcher.Remove(id)
		t.changes.told.lasting[id].retire(id)
		t.changes.told.drop(id)
	}
	for _, configured := range t.swap {
		l := t.changes.told.lasting[configured.ID]
		l.configured = configured
		l.now.Swap(t.behind[configured.ID]).leave()
	}
	for _, configured := range t.come {
		receiver := t.changes.told.lasts(configured, t.behind[configured.ID])
		if err := t.changes.dispatcher.Add(endpointOf(t.next, configured, changefeed.Receiver(receiver.Changes))); err != nil {
			a.logger.Error("a receiver is not told", "receiver", configured.ID, "error", err) // nobody of its name is left, so it can't be
		}
	}
}

// drop closes what does not come into force.
func (t *toldAnew) drop() error {
	if t == nil {
		return nil
	}
	for _, behind := range t.behind {
		behind.leave()
	}
	return nil
}
