package httpsig

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func mark(t *testing.T, m *MemoryNonces, key, nonce string, expires int64) bool {
	t.Helper()
	fresh, err := m.Mark(context.Background(), key, nonce, time.Unix(expires, 0))
	if err != nil {
		t.Fatal(err)
	}
	return fresh
}

func TestMemoryNonces(t *testing.T) {
	t.Parallel()
	now := int64(moment)
	m := NewMemoryNonces(10, func() time.Time { return time.Unix(now, 0) })
	if !mark(t, m, "a", "n", moment+60) || mark(t, m, "a", "n", moment+60) {
		t.Fatal("first and second use not told apart")
	}
	if mark(t, m, "a", "n", moment+90) {
		t.Error("a new expiry makes an old nonce fresh")
	}
	if !mark(t, m, "b", "n", moment+60) {
		t.Error("another key shares the nonces of this one")
	}
	now = moment + 60
	if mark(t, m, "a", "n", moment+60) {
		t.Error("forgotten in its last second")
	}
	now = moment + 61
	if !mark(t, m, "a", "n", moment+120) {
		t.Error("remembered after its last second")
	}
}

// Full means refused, until the oldest expire.
func TestMemoryNoncesFull(t *testing.T) {
	t.Parallel()
	now := int64(moment)
	m := NewMemoryNonces(2, func() time.Time { return time.Unix(now, 0) })
	mark(t, m, "a", "1", moment)
	mark(t, m, "a", "2", moment+9)
	if _, err := m.Mark(context.Background(), "a", "3", time.Unix(moment, 0)); !errors.Is(err, ErrNoncesFull) {
		t.Fatalf("third of two: %v", err)
	}
	if mark(t, m, "a", "1", moment) {
		t.Error("a full store forgot")
	}
	now++
	if key := m.keys["a"]; !mark(t, m, "a", "3", moment+9) || len(key.used) != 2 || len(key.byExpiry) != 1 {
		t.Errorf("not swept: %d used, %d seconds", len(key.used), len(key.byExpiry))
	}
}

// A key that has used up its share leaves the others theirs, and a key without nonces costs nothing.
func TestMemoryNoncesAreSharedFairly(t *testing.T) {
	t.Parallel()
	now := int64(moment)
	m := NewMemoryNonces(2, func() time.Time { return time.Unix(now, 0) })
	for _, nonce := range []string{"1", "2"} {
		mark(t, m, "greedy", nonce, moment)
	}
	if _, err := m.Mark(context.Background(), "greedy", "3", time.Unix(moment, 0)); !errors.Is(err, ErrNoncesFull) {
		t.Errorf("third of two: %v", err)
	}
	if !mark(t, m, "modest", "1", moment+9) || !mark(t, m, "modest", "2", moment+9) {
		t.Error("one key used up the share of another")
	}
	now++
	if mark(t, m, "modest", "1", moment+9); len(m.keys) != 1 {
		t.Errorf("%d keys are remembered, of one all nonces have expired", len(m.keys))
	}
}

// Of many who send the same request at once, one gets through.
func TestReplayRace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, r := b.verifier(t), b.signed(t)
	var accepted atomic.Int32
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			if _, err := v.Verify(context.Background(), r); err == nil {
				accepted.Add(1)
			} else if !errors.Is(err, ErrReplayed) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if accepted.Load() != 1 {
		t.Errorf("%d accepted", accepted.Load())
	}
}

func ExampleMemoryNonces() {
	m := NewMemoryNonces(1000, time.Now)
	expires := time.Now().Add(time.Minute)
	first, _ := m.Mark(context.Background(), "suishenban-1", "0123456789abcdef", expires)
	second, _ := m.Mark(context.Background(), "suishenban-1", "0123456789abcdef", expires)
	fmt.Println(first, second)
	// Output: true false
}
