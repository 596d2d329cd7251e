package delivery

import (
	"slices"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed/repair"
)

const (
	bulk          = 1000 // more than this many deliveries at once need a second person
	expiry        = 30 * time.Minute
	mostProposals = 50
)

// wanted is an order about several deliveries.
type wanted struct {
	Kind       repair.Kind
	Token      string // of a replay or a skip
	Comparison string // of a repair
	Platform   string
	Count      int
	PerSecond  float64
}

// proposal is an order that waits for a second person. It is on record, and has no effect yet.
type proposal struct {
	wanted
	Order   repair.Order
	At      time.Time
	Expires time.Time
}

// proposals live in memory of one node: after a restart they are proposed anew. Safe for concurrent use.
type proposals struct {
	clock func() time.Time
	mu    sync.Mutex
	list  []proposal // oldest first
}

// add keeps a proposal. false: too many wait.
func (p *proposals) add(one proposal) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire()
	if len(p.list) >= mostProposals {
		return false
	}
	p.list = append(p.list, one)
	return true
}

// take removes one, so that two confirmations start it once.
func (p *proposals) take(id string) (proposal, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.find(id)
	if at < 0 {
		return proposal{}, false
	}
	taken := p.list[at]
	p.list = slices.Delete(p.list, at, at+1)
	return taken, true
}

func (p *proposals) get(id string) (proposal, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at := p.find(id); at >= 0 {
		return p.list[at], true
	}
	return proposal{}, false
}

func (p *proposals) all() []proposal {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire()
	return slices.Clone(p.list)
}

func (p *proposals) find(id string) int {
	p.expire()
	return slices.IndexFunc(p.list, func(one proposal) bool { return one.Order.ID == id })
}

func (p *proposals) expire() {
	now := p.clock()
	p.list = slices.DeleteFunc(p.list, func(one proposal) bool { return !now.Before(one.Expires) })
}
