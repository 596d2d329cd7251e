package httpsig

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// ErrNoncesFull: the store holds as many unexpired nonces as it may. It never
// forgets one to make room, for that would let a replay through.
var ErrNoncesFull = errors.New("httpsig: nonce store is full")

// MemoryNonces remembers nonces in the memory of one process: for a single node
// whose verifier sets AcceptFrom, and for tests. Safe for concurrent use.
type MemoryNonces struct {
	capacity int
	now      func() time.Time

	mu sync.Mutex
	// used holds every unexpired nonce; byExpiry the same ones by the last second
	// in which they count, so that a whole second is forgotten at once.
	used     map[usedNonce]struct{}
	byExpiry map[int64][]usedNonce
	swept    int64 // the second of the last sweep
}

// usedNonce stands for a nonce of one key: the first half of the SM3 digest over both. The texts themselves would keep whole
// header lines in memory, and give the garbage collector some hundred thousand pointers to follow under load. Whoever found two
// texts with one digest would be refused the second.
type usedNonce [16]byte

func usedNonceOf(keyID, nonce string) usedNonce {
	both := make([]byte, 0, MaxNonce+64)
	both = append(append(append(both, keyID...), 0), nonce...) // neither text holds a zero byte
	sum := smcrypto.SM3(both)
	return usedNonce(sum[:])
}

// NewMemoryNonces holds at most capacity nonces. A request occupies one for at
// most twice the window and a few seconds, so capacity = 130 × requests per second
// is enough for the default window.
func NewMemoryNonces(capacity int, now func() time.Time) *MemoryNonces {
	return &MemoryNonces{
		capacity: capacity,
		now:      now,
		used:     make(map[usedNonce]struct{}),
		byExpiry: make(map[int64][]usedNonce),
	}
}

// Mark implements [NonceStore]. The only error is [ErrNoncesFull].
func (m *MemoryNonces) Mark(_ context.Context, keyID, nonce string, expires time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep(m.now().Unix())
	key := usedNonceOf(keyID, nonce)
	if _, known := m.used[key]; known {
		return false, nil
	}
	if len(m.used) >= m.capacity {
		return false, ErrNoncesFull
	}
	m.used[key] = struct{}{}
	m.byExpiry[expires.Unix()] = append(m.byExpiry[expires.Unix()], key)
	return true, nil
}

// sweep forgets what expired, once per second. There are never more expiry seconds
// than twice the window, so looking at all of them is cheap.
func (m *MemoryNonces) sweep(now int64) {
	if now == m.swept {
		return
	}
	m.swept = now
	for second, expired := range m.byExpiry {
		if second >= now {
			continue
		}
		for _, key := range expired {
			delete(m.used, key)
		}
		delete(m.byExpiry, second)
	}
}
