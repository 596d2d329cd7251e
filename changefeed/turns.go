package changefeed

import (
	"context"
	"hash/maphash"
	"sync"
)

// turns lets one caller per licence through at a time, so that callers of this process do not fight for the same compare-and-set.
// It is a courtesy, not a guarantee: other gateways do not see it. Licences share places; two of one place wait for each other.
type turns struct {
	once   sync.Once
	seed   maphash.Seed
	places [1024]chan struct{}
}

func (t *turns) enter(ctx context.Context, licence string) (leave func(), err error) {
	t.once.Do(t.open)
	place := t.places[maphash.String(t.seed, licence)%uint64(len(t.places))]
	select {
	case place <- struct{}{}:
		return func() { <-place }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (t *turns) open() {
	t.seed = maphash.MakeSeed()
	for i := range t.places {
		t.places[i] = make(chan struct{}, 1)
	}
}
