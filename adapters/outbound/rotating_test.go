package outbound_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// issuer hands out numbered secrets of a minute's life.
type issuer struct {
	issued  atomic.Int64
	failure atomic.Pointer[exchange.Error]
}

func (i *issuer) fetch(ctx context.Context) (int64, time.Time, error) {
	number := i.issued.Add(1)
	select {
	case <-time.After(time.Second): // synctest's clock
	case <-ctx.Done():
		return 0, time.Time{}, ctx.Err()
	}
	if failure := i.failure.Load(); failure != nil {
		return 0, time.Time{}, failure
	}
	return number, time.Now().Add(time.Minute), nil
}

func (i *issuer) rotating() *outbound.Rotating[int64] {
	return outbound.NewRotating(outbound.RotatingConfig[int64]{Clock: time.Now, Fetch: i.fetch, Margin: 10 * time.Second})
}

func TestManyCallersShareOneRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform := &issuer{}
		secret := platform.rotating()
		for round := int64(1); round <= 3; round++ {
			var callers sync.WaitGroup
			for range 32 {
				callers.Go(func() {
					lease, err := secret.Get(t.Context())
					if err != nil || lease.Value != round {
						t.Errorf("got secret %d, %v in round %d", lease.Value, err, round)
					}
					secret.Invalidate(lease) // all were rejected with the same one
				})
			}
			callers.Wait()
			if platform.issued.Load() != round {
				t.Errorf("%d refreshes after round %d", platform.issued.Load(), round)
			}
		}
	})
}

func TestLateRejectionDoesNotDropTheNewSecret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform := &issuer{}
		secret := platform.rotating()
		old, _ := secret.Get(t.Context())
		secret.Invalidate(old)
		fresh, _ := secret.Get(t.Context())
		secret.Invalidate(old)
		again, err := secret.Get(t.Context())
		if err != nil || again.Value != fresh.Value || platform.issued.Load() != 2 {
			t.Errorf("got secret %d, %v after %d refreshes", again.Value, err, platform.issued.Load())
		}
	})
}

func TestRefreshBeforeTheMargin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform := &issuer{}
		secret := platform.rotating()
		for _, c := range []struct {
			after time.Duration
			want  int64
		}{{0, 1}, {49 * time.Second, 1}, {time.Second, 2}} {
			time.Sleep(c.after) // synctest's clock
			if lease, err := secret.Get(t.Context()); err != nil || lease.Value != c.want {
				t.Errorf("%v later: secret %d, %v, want %d", c.after, lease.Value, err, c.want)
			}
		}
	})
}

func TestOneWaiterLeavesTheOthersStay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform := &issuer{}
		secret := platform.rotating()
		impatient, leave := context.WithCancel(t.Context())
		var callers sync.WaitGroup
		callers.Go(func() { // the one whose call started the refresh
			_, err := secret.Get(impatient)
			if exchange.CodeOf(err) != exchange.SourceTimeout || !errors.Is(err, context.Canceled) {
				t.Errorf("the one who left got %v", err)
			}
		})
		synctest.Wait()
		callers.Go(func() {
			if lease, err := secret.Get(t.Context()); err != nil || lease.Value != 1 {
				t.Errorf("the one who stayed got %d, %v", lease.Value, err)
			}
		})
		synctest.Wait()
		leave()
		callers.Wait()
	})
}

func TestRefusalIsHeldOtherFailuresAreNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		failure exchange.Code
		fetches int64
	}{{exchange.SourceRefused, 1}, {exchange.SourceDown, 3}} {
		synctest.Test(t, func(t *testing.T) {
			platform := &issuer{}
			platform.failure.Store(exchange.Errorf(c.failure, "no"))
			secret := platform.rotating()
			for range 3 {
				if _, err := secret.Get(t.Context()); exchange.CodeOf(err) != c.failure {
					t.Errorf("got %v, want %s", err, c.failure)
				}
			}
			if platform.issued.Load() != c.fetches {
				t.Errorf("%s: asked %d times, want %d", c.failure, platform.issued.Load(), c.fetches)
			}
			platform.failure.Store(nil)
			time.Sleep(10 * time.Second) // synctest's clock
			if _, err := secret.Get(t.Context()); err != nil {
				t.Errorf("after the hold: %v", err)
			}
		})
	}
}

func TestCloseEndsARefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform := &issuer{}
		secret := platform.rotating()
		var caller sync.WaitGroup
		caller.Go(func() {
			if lease, err := secret.Get(t.Context()); !errors.Is(err, context.Canceled) {
				t.Errorf("got secret %d, %v", lease.Value, err)
			}
		})
		synctest.Wait()
		secret.Close()
		secret.Close()
		caller.Wait()
		if _, err := secret.Get(t.Context()); !errors.Is(err, context.Canceled) {
			t.Errorf("after Close: %v", err)
		}
	})
}
