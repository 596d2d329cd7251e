package journal

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func openNonces(t testing.TB, j *Journal) *Nonces {
	t.Helper()
	n, err := j.Nonces(testContext(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNonceIsGoodOnce(t *testing.T) {
	t.Parallel()
	n := openNonces(t, open(t, t.TempDir()))
	mark := func(key, nonce string, lives time.Duration) bool {
		t.Helper()
		fresh, err := n.Mark(testContext(t), key, nonce, time.Now().Add(lives))
		if err != nil {
			t.Fatal(err)
		}
		return fresh
	}
	if !mark("a", "n", time.Minute) || mark("a", "n", time.Minute) || mark("a", "n", time.Hour) {
		t.Error("first and second use are not told apart")
	}
	for _, other := range [][2]string{{"b", "n"}, {"an", ""}, {"", "an"}, {"a", "N"}} {
		if !mark(other[0], other[1], time.Minute) {
			t.Errorf("nonce %q of %q is taken for another one", other[1], other[0])
		}
	}
	expired := n.now().Add(-time.Second) // it still counts until it is over for certain
	if fresh, err := n.Mark(testContext(t), "a", "old", expired); err != nil || !fresh {
		t.Errorf("expired nonce: %v, %v", fresh, err)
	}
}

// TestNonceIsForgottenAfterItsTime waits for the engine, which has whole seconds: a nonce must not be forgotten early, and the
// memory must come back.
func TestNonceIsForgottenAfterItsTime(t *testing.T) {
	t.Parallel()
	n := openNonces(t, open(t, t.TempDir()))
	expires := time.Now()
	for first := true; ; first = false {
		fresh, err := n.Mark(testContext(t), "a", "n", expires)
		if err != nil {
			t.Fatal(err)
		}
		if fresh && !first {
			if now := time.Now(); now.Before(expires.Add(time.Second)) {
				t.Errorf("forgotten %s after it was marked", now.Sub(expires))
			}
			return
		}
		pause(testContext(t), 20*time.Millisecond)
	}
}

func TestOneOfManyMarksANonce(t *testing.T) {
	t.Parallel()
	n := openNonces(t, open(t, t.TempDir()))
	var wg sync.WaitGroup
	var fresh atomic.Int32
	for range 32 {
		wg.Go(func() {
			ok, err := n.Mark(context.Background(), "a", "n", time.Now().Add(time.Minute))
			if err != nil {
				t.Error(err)
			}
			if ok {
				fresh.Add(1)
			}
		})
	}
	wg.Wait()
	if fresh.Load() != 1 {
		t.Errorf("%d found the nonce fresh", fresh.Load())
	}
}

func BenchmarkMark(b *testing.B) {
	n := openNonces(b, open(b, b.TempDir()))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if fresh, err := n.Mark(b.Context(), "suishenban-1", string(rune(i)), time.Now().Add(time.Minute)); err != nil || !fresh {
			b.Fatal(fresh, err)
		}
	}
}
