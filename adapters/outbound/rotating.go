package outbound

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Rotating keeps a secret that a platform hands out for a time, such as a session or a request secret. However many callers
// need a new one at once, one refresh is made and all get its result. It is safe for concurrent use.
type Rotating[T any] struct {
	config  RotatingConfig[T]
	flight  singleflight.Group
	closing context.Context // ends with Close
	close   context.CancelFunc
	mu      sync.Mutex
	current Lease[T]        // held by mu
	refused *exchange.Error // held by mu: the platform's last refusal
	until   time.Time       // held by mu: no refresh before, because of refused
}

// RotatingConfig says how a secret is got. Clock and Fetch must be set.
type RotatingConfig[T any] struct {
	Clock func() time.Time
	// Fetch gets a new secret and tells when it expires. Its context carries the values of the caller that started it, not
	// that caller's cancellation: others may be waiting for the same result.
	Fetch func(ctx context.Context) (value T, expires time.Time, err error)
	// Margin is how long before its expiry a secret is no longer used.
	Margin time.Duration
	// Timeout bounds Fetch. Default 5s.
	Timeout time.Duration
	// HoldRefusal is how long a SourceRefused of Fetch is repeated to callers without asking again: a wrong password that is
	// sent with each query locks the account. Default 10s.
	HoldRefusal time.Duration
}

// Lease is a secret as it was handed out once.
type Lease[T any] struct {
	Value      T
	Expires    time.Time
	generation uint64 // counts refreshes; 0: none was made
}

const (
	defaultFetchTimeout = 5 * time.Second
	defaultHoldRefusal  = 10 * time.Second
	flightKey           = "refresh"
)

// NewRotating makes a keeper that holds no secret yet. Close it with its source.
func NewRotating[T any](config RotatingConfig[T]) *Rotating[T] {
	setDefault(&config.Timeout, defaultFetchTimeout)
	setDefault(&config.HoldRefusal, defaultHoldRefusal)
	closing, closeNow := context.WithCancel(context.Background())
	return &Rotating[T]{config: config, closing: closing, close: closeNow}
}

// Close ends a refresh that is under way, whose caller may have left long ago. Later ones fail at once. It does not wait, and
// may be called twice.
func (r *Rotating[T]) Close() { r.close() }

// Get gives a secret that is good for at least the margin, and refreshes first if it has none. The error is that of Fetch, or
// SourceTimeout when ctx ended first; the refresh goes on for the others then.
func (r *Rotating[T]) Get(ctx context.Context) (Lease[T], error) {
	if lease, err, known := r.known(); known {
		return lease, err
	}
	result := r.flight.DoChan(flightKey, func() (any, error) { return r.refresh(context.WithoutCancel(ctx)) })
	select {
	case <-ctx.Done():
		return Lease[T]{}, exchange.Errorf(exchange.SourceTimeout, "waiting for a new secret: %w", ctx.Err())
	case done := <-result:
		lease, _ := done.Val.(Lease[T])
		return lease, done.Err
	}
}

// Invalidate drops the secret that a platform has just rejected. Only the one in use is dropped: of many callers who were
// rejected with the same secret, the first drops it, and the others find the new one.
func (r *Rotating[T]) Invalidate(used Lease[T]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current.generation == used.generation {
		r.current.Expires = time.Time{}
	}
}

// known gives what can be answered without the platform: a good secret, or a refusal that is still held.
func (r *Rotating[T]) known() (lease Lease[T], err error, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.config.Clock()
	switch {
	case r.refused != nil && now.Before(r.until):
		return lease, r.refused, true
	case r.current.generation > 0 && now.Before(r.current.Expires.Add(-r.config.Margin)):
		return r.current, nil, true
	}
	return lease, nil, false
}

func (r *Rotating[T]) refresh(ctx context.Context) (Lease[T], error) {
	if lease, err, known := r.known(); known { // a refresh ended between the caller's look and this one
		return lease, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	defer context.AfterFunc(r.closing, cancel)()
	value, expires, err := r.config.Fetch(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.hold(err)
		return Lease[T]{}, err
	}
	r.refused = nil
	r.current = Lease[T]{Value: value, Expires: expires, generation: r.current.generation + 1}
	return r.current, nil
}

func (r *Rotating[T]) hold(err error) {
	failure, ok := errors.AsType[*exchange.Error](err)
	if ok && failure.Code == exchange.SourceRefused {
		r.refused, r.until = failure, r.config.Clock().Add(r.config.HoldRefusal)
	}
}
