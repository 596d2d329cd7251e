package journal

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// proposal is one entry on its way into a ledger.
type proposal struct {
	key     string
	subject string
	token   token
	follows Revision
	payload []byte

	verdict chan verdict // holds one; written once, with the group's mu held
	gone    bool         // its caller has left; guarded by the group's mu
}

// verdict tells the caller of a Put how its turn came.
type verdict struct {
	revision Revision // stored together with others; 0: the caller publishes it alone
	doubtful bool     // it went with others and nobody knows what became of it
}

// batchStore stores all proposals or none and returns their revisions.
type batchStore interface {
	publishBatch(ctx context.Context, batch []*proposal) ([]Revision, error)
}

// group lets Puts share syncs. The engine syncs once per message, but also once per atomic batch, however large; the batch
// costs about as much as ten single messages. So a few Puts go alone, and many that wait go as batches.
//
// A batch is only a shortcut: whenever it is not stored for certain, each of its Puts goes alone and gets its own answer.
// That makes one conflict harmless to its neighbours.
type group struct {
	store batchStore
	limit int // of waiting
	solos int // Puts that may go alone at the same time

	mu      sync.Mutex
	waiting []*proposal // in the order of arrival
	alone   int         // Puts that publish by themselves at the moment
	busy    bool        // a goroutine is storing batches
	closed  bool
	idle    chan struct{} // closed when closed is set and nothing is under way
}

const (
	// batchPuts is how many waiting Puts are worth a batch: on one node it costs about nine syncs.
	batchPuts = 12

	// solosEmbedded keep a stream busy that syncs one message after the other; more would only hinder batches.
	solosEmbedded = 3

	// solosReplicated are more: what arrives while replicas answer shares their next sync by itself.
	solosReplicated = 16

	// batchLimit bounds the time that a batch without an answer holds its Puts; then each goes alone.
	batchLimit = attemptLimit
)

func newGroup(store batchStore, limit, solos int) *group {
	return &group{store: store, limit: limit, solos: solos, idle: make(chan struct{})}
}

// enter takes p. Its verdict follows; when that says alone, leave must be called afterwards.
func (g *group) enter(p *proposal) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.closed:
		return ErrClosed
	case len(g.waiting) >= g.limit:
		return fmt.Errorf("%w: %d entries wait for the disk", ErrOverloaded, len(g.waiting))
	}
	g.waiting = append(g.waiting, p)
	g.proceed()
	return nil
}

// leave ends a Put that went alone.
func (g *group) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.alone--
	g.proceed()
}

// await returns the verdict on p. When ctx ends first, p is withdrawn; if it is on its way already the error is
// ErrUncertain.
func (g *group) await(ctx context.Context, p *proposal) (verdict, error) {
	select {
	case v := <-p.verdict:
		return v, nil
	case <-ctx.Done():
		return g.withdraw(ctx, p)
	}
}

func (g *group) withdraw(ctx context.Context, p *proposal) (verdict, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case v := <-p.verdict: // it came at the same moment
		return v, nil
	default:
	}
	p.gone = true
	for i, waiting := range g.waiting {
		if waiting == p {
			g.waiting = append(g.waiting[:i], g.waiting[i+1:]...)
			g.proceed()
			return verdict{}, context.Cause(ctx)
		}
	}
	return verdict{}, fmt.Errorf("%w: %w", ErrUncertain, context.Cause(ctx))
}

// proceed decides what waits next: enough for a batch starts one, a few go alone. Call with mu held.
func (g *group) proceed() {
	if g.busy {
		return
	}
	if len(g.waiting) >= batchPuts {
		g.busy = true
		go g.storeBatches()
		return
	}
	for len(g.waiting) > 0 && g.alone < g.solos {
		g.release(g.waiting[0], false)
		g.waiting = g.waiting[1:]
	}
	if g.closed && g.alone == 0 && len(g.waiting) == 0 {
		g.closeIdle()
	}
}

// release lets p publish alone. Call with mu held.
func (g *group) release(p *proposal, doubtful bool) {
	if !p.gone {
		g.alone++
		p.verdict <- verdict{doubtful: doubtful}
	}
}

// storeBatches runs as long as enough Puts wait.
func (g *group) storeBatches() {
	for batch := g.take(); batch != nil; batch = g.take() {
		g.storeBatch(batch)
		runtime.Gosched() // lets the callers just answered share the next batch
	}
}
