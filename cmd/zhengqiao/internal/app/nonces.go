package app

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// noncesOpen bounds the wait for the nodes that keep the nonces.
const noncesOpen = time.Minute

// nonces gives the store of used nonces: this process's memory, and in a cluster the memory of all nodes behind it.
func (a *App) nonces() (httpsig.NonceStore, error) {
	local := httpsig.NewMemoryNonces(nonceCapacity, time.Now)
	if a.config.Journal.Node() == "" {
		return local, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), noncesOpen)
	defer cancel()
	shared, err := a.journal.Nonces(ctx, time.Now)
	if err != nil {
		return nil, err
	}
	return sharedNonces{local, shared}, nil
}

// sharedNonces asks this process first: that costs nothing, and keeps each key to its share of the memory. What is new here is
// then marked for all nodes.
type sharedNonces struct{ local, all httpsig.NonceStore }

// Mark implements [httpsig.NonceStore].
func (s sharedNonces) Mark(ctx context.Context, keyID, nonce string, expires time.Time) (bool, error) {
	fresh, err := s.local.Mark(ctx, keyID, nonce, expires)
	if err != nil || !fresh {
		return fresh, err
	}
	return s.all.Mark(ctx, keyID, nonce, expires)
}
