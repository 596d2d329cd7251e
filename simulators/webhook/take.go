package webhook

import (
	"net/http"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// receipt says what is held now of the licence that an event told of.
type receipt struct {
	Licence   string `json:"licence"`
	Version   uint64 `json:"version"`
	Duplicate bool   `json:"duplicate"` // the event was taken before
	Message   string `json:"message"`   // for people
}

// take takes an event. One that comes again is not believed blindly to be held: a copy that went wrong since is put right by it.
func (p *platform) take(call standin.Call, id string) standin.Reply {
	told, problem := read(call.Body)
	if problem == "" {
		problem = told.fault(id, p.source)
	}
	if problem != "" {
		return (&refusal{http.StatusBadRequest, "invalid-request", problem}).reply(call)
	}
	version := p.book.Take(told.copy(call.Now))
	given := receipt{Licence: told.Subject, Version: version, Duplicate: p.taken.mark(told.Source+" "+id, call.Now), Message: "已收到"}
	if call.Faults.Has(fault.WrongPerson) {
		given.Licence = "another"
	}
	return standin.JSON(call, http.StatusOK, given)
}

// held lists what the platform holds.
func (p *platform) held(call standin.Call) standin.Reply {
	var asked struct {
		After string `json:"after"`
		Limit int    `json:"limit"`
	}
	if holding.Strict(call.Body, &asked) != nil || asked.Limit < 1 || asked.Limit > 1000 {
		return (&refusal{http.StatusBadRequest, "invalid-request", "want after and limit, at most 1000"}).reply(call)
	}
	type line struct {
		Licence string `json:"licence"`
		Version uint64 `json:"version"`
		Digest  string `json:"digest"`
	}
	lines := []line{}
	for _, held := range p.book.List(asked.After, asked.Limit) {
		lines = append(lines, line{held.Licence, held.Version, held.Digest})
	}
	return standin.JSON(call, http.StatusOK, map[string]any{"holdings": lines})
}

// taken remembers the ids of events for as long as one of them could be replayed.
type taken struct {
	mu    sync.Mutex
	seen  map[string]time.Time
	swept time.Time // when old ones were last dropped; not at each call, which would make a busy stand-in slow
}

// mark notes an id and tells whether it was there before.
func (t *taken) mark(id string, now time.Time) (before bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]time.Time{}
	}
	t.sweep(now)
	at, known := t.seen[id]
	t.seen[id] = now
	return known && now.Sub(at) <= 2*window
}

func (t *taken) sweep(now time.Time) {
	if now.Sub(t.swept) < window {
		return
	}
	t.swept = now
	for id, at := range t.seen {
		if now.Sub(at) > 2*window {
			delete(t.seen, id)
		}
	}
}

func (t *taken) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen = nil
}
