package httpsig

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// ErrNoncesFull: a key has as many unexpired nonces in the store as it may. The
// store never forgets one to make room, for that would let a replay through.
var ErrNoncesFull = errors.New("httpsig: nonce store is full for this key")

// MemoryNonces remembers nonces in the memory of one process: for a single node
// whose verifier sets AcceptFrom, and for tests. Each key has its own share, so that
// no party can fill the store for the others. Safe for concurrent use.
type MemoryNonces struct {
	perKey int
	now    func() time.Time

	mu    sync.Mutex
	keys  map[string]*keyNonces // by key id; only keys with an unexpired nonce
	swept int64                 // the second of the last sweep
}

// keyNonces are the unexpired nonces of one key; byExpiry holds the same ones by the
// last second in which they count, so that a whole second is forgotten at once.
type keyNonces struct {
	used     map[usedNonce]struct{}
	byExpiry map[int64][]usedNonce
}

// usedNonce stands for a nonce: the first half of its SM3 digest. The texts themselves would keep whole header lines in memory,
// and give the garbage collector some hundred thousand pointers to follow under load. Whoever found two texts with one digest
// would be refused the second.
type usedNonce [16]byte

func usedNonceOf(nonce string) usedNonce {
	sum := smcrypto.SM3([]byte(nonce))
	return usedNonce(sum[:])
}

// NewMemoryNonces holds at most perKey nonces of each key. A request occupies one
// for at most twice the window and a few seconds, so 130 × the requests per second
// of the busiest key is enough for the default window. Only verified requests get
// here: what all keys together hold is bounded by what the node can verify in that
// time, at some 160 bytes each.
func NewMemoryNonces(perKey int, now func() time.Time) *MemoryNonces {
	return &MemoryNonces{perKey: perKey, now: now, keys: make(map[string]*keyNonces)}
}

// Mark implements [NonceStore]. The only error is [ErrNoncesFull].
func (m *MemoryNonces) Mark(_ context.Context, keyID, nonce string, expires time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep(m.now().Unix())
	key := m.of(keyID)
	digest := usedNonceOf(nonce)
	if _, known := key.used[digest]; known {
		return false, nil
	}
	if len(key.used) >= m.perKey {
		return false, ErrNoncesFull
	}
	key.used[digest] = struct{}{}
	key.byExpiry[expires.Unix()] = append(key.byExpiry[expires.Unix()], digest)
	return true, nil
}

// of gives the nonces of a key. The id is copied: the caller's text may be a piece of a
// whole header line.
func (m *MemoryNonces) of(keyID string) *keyNonces {
	key, known := m.keys[keyID]
	if !known {
		key = &keyNonces{used: make(map[usedNonce]struct{}), byExpiry: make(map[int64][]usedNonce)}
		m.keys[strings.Clone(keyID)] = key
	}
	return key
}

// sweep forgets what expired, once per second, and the keys that nothing is left of.
func (m *MemoryNonces) sweep(now int64) {
	if now == m.swept {
		return
	}
	m.swept = now
	for id, key := range m.keys {
		key.sweep(now)
		if len(key.used) == 0 {
			delete(m.keys, id)
		}
	}
}

// sweep looks at all expiry seconds: there are never more than twice the window has.
func (k *keyNonces) sweep(now int64) {
	for second, expired := range k.byExpiry {
		if second >= now {
			continue
		}
		for _, digest := range expired {
			delete(k.used, digest)
		}
		delete(k.byExpiry, second)
	}
}
