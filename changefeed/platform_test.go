package changefeed

import (
	"context"
	"slices"
	"sync"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// platform is a receiving platform that keeps the contract: idempotent by licence and version. react, if set, decides about each
// notice: before it is applied, and whether it is applied at all.
type platform struct {
	mu      sync.Mutex
	held    map[string]exchange.Notice
	applied []exchange.Notice // first applications, in order
	calls   int
	react   func(n exchange.Notice, call int) (apply bool, err error)
}

func newPlatform() *platform {
	return &platform{held: map[string]exchange.Notice{}}
}

func (p *platform) Apply(_ context.Context, n exchange.Notice) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	apply, err := true, error(nil)
	if p.react != nil {
		apply, err = p.react(n, p.calls)
	}
	if apply && n.Version > p.held[n.Licence].Version {
		p.held[n.Licence] = n
		p.applied = append(p.applied, n)
	}
	return err
}

// versions gives the versions applied of licence n, in order.
func (p *platform) versions(n int) []uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []uint64
	for _, notice := range p.applied {
		if notice.Licence == licenceKey(n) {
			list = append(list, notice.Version)
		}
	}
	return list
}

func (p *platform) has(n int) exchange.Notice {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.held[licenceKey(n)]
}

func (p *platform) licences() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.held)
}

func (p *platform) called() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

func (p *platform) sees(react func(n exchange.Notice, call int) (bool, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.react = react
}

// grants is a policy by table: platform to fields shown whole. Who is not in it is refused.
type grants map[string][]exchange.Field

func (g grants) Decide(_ context.Context, r exchange.DecisionRequest) (exchange.Decision, error) {
	fields, ok := g[r.Platform]
	d := exchange.Decision{Revision: "rev-1", Allow: ok && r.Operation == exchange.ChangeDelivery, Grants: map[exchange.Field]exchange.Mask{}, Rules: []string{"test"}}
	for _, wanted := range r.Wanted {
		if slices.Contains(fields, wanted) {
			d.Grants[wanted] = exchange.MaskNone
		} else {
			d.Withheld = append(d.Withheld, exchange.Withheld{Field: wanted, Code: "not_granted"})
		}
	}
	return d, nil
}
