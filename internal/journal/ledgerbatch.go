package journal

import (
	"context"
	"errors"
	"fmt"
)

// take returns the next batch and whether there is one. When too few Puts wait, or those that do belong to the same few
// keys, they go alone and the goroutine ends.
func (g *group) take() (batch []*proposal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.waiting) >= batchPuts {
		batch, g.waiting = split(g.waiting)
		if len(batch) >= batchPuts {
			return batch
		}
		for _, p := range batch {
			g.release(p, false)
		}
	}
	g.busy = false
	g.proceed()
	return nil
}

// split cuts a batch off the front: no more than a message of a log holds, and one Put per key. A second Put of a key
// follows the first one, so it can only be right in the next batch.
func split(waiting []*proposal) (batch, rest []*proposal) {
	size := 0
	keys := make(map[string]struct{}, maxBatchRecords)
	for i, p := range waiting {
		size += len(p.payload)
		if len(batch) == maxBatchRecords || (size > maxBatchBytes && len(batch) > 0) {
			return batch, append(rest, waiting[i:]...)
		}
		if _, double := keys[p.key]; double {
			rest = append(rest, p)
			continue
		}
		keys[p.key] = struct{}{}
		batch = append(batch, p)
	}
	return batch, rest
}

func (g *group) storeBatch(batch []*proposal) {
	ctx, cancel := context.WithTimeout(context.Background(), batchLimit)
	defer cancel()
	revisions, err := g.store.publishBatch(ctx, batch)
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		doubtful := !errors.Is(err, errSequence) && !errors.Is(err, ErrFull)
		for _, p := range batch {
			g.release(p, doubtful)
		}
		return
	}
	for i, p := range batch {
		p.verdict <- verdict{revision: revisions[i]}
	}
}

// close takes no more Puts and waits until those under way have ended, or until ctx ends.
func (g *group) close(ctx context.Context) error {
	g.mu.Lock()
	g.closed = true
	g.proceed()
	g.mu.Unlock()
	select {
	case <-g.idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("writes are still under way: %w", context.Cause(ctx))
	}
}

// closeIdle tells close that nothing is under way. Call with mu held.
func (g *group) closeIdle() {
	select {
	case <-g.idle:
	default:
		close(g.idle)
	}
}
