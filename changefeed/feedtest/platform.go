package feedtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Platform keeps the contract of a receiver and of a holder in memory.
type Platform struct {
	mu       sync.Mutex
	held     map[string]exchange.Holding
	react    func(exchange.Notice) error // before a notice is taken
	asked    func(after string)          // before a page is given
	purposes []exchange.Purpose          // of those who asked for pages
	pageSize int
}

// NewPlatform gives a platform and its receiver.
func NewPlatform(name string) (*Platform, *exchange.Receiver) {
	p := &Platform{held: map[string]exchange.Holding{}, pageSize: 3}
	return p, &exchange.Receiver{ID: name, Changes: p, Holdings: p}
}

// Apply takes a notice unless it holds a newer version.
func (p *Platform) Apply(_ context.Context, n exchange.Notice) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.react != nil {
		if err := p.react(n); err != nil {
			return err
		}
	}
	holding, err := p.Expected(n)
	if n.Version >= p.held[n.Licence].Version {
		p.held[n.Licence] = holding
	}
	return err
}

// Expected gives the holding of a notice.
func (p *Platform) Expected(n exchange.Notice) (exchange.Holding, error) {
	return exchange.Holding{Licence: n.Licence, Version: n.Version, Digest: fmt.Sprint(n.Fields)}, nil
}

// Held gives a page.
func (p *Platform) Held(_ context.Context, purpose exchange.Purpose, after string) ([]exchange.Holding, error) {
	p.mu.Lock()
	asked := p.asked
	p.mu.Unlock()
	if asked != nil {
		asked(after)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.purposes = append(p.purposes, purpose)
	var page []exchange.Holding
	for _, holding := range p.held {
		if holding.Licence > after {
			page = append(page, holding)
		}
	}
	slices.SortFunc(page, func(a, b exchange.Holding) int { return strings.Compare(a.Licence, b.Licence) })
	return page[:min(len(page), p.pageSize)], nil
}

// Spoil changes what the platform holds behind the feed's back.
func (p *Platform) Spoil(change func(map[string]exchange.Holding)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p.held)
}

// React makes the platform look at each notice before it takes it; an error is its answer. nil: it takes everything.
func (p *Platform) React(react func(exchange.Notice) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.react = react
}

// Asked is called before each page that the platform gives.
func (p *Platform) Asked(asked func(after string)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = asked
}

// Pages sets the length of a page.
func (p *Platform) Pages(length int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pageSize = length
}

// Purposes gives why pages were asked for.
func (p *Platform) Purposes() []exchange.Purpose {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.purposes)
}
