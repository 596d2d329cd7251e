package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// ErrInUse says that another demo runs on the folder. Nothing in it was touched.
var ErrInUse = errors.New("a demo is running on this folder; use another --dir")

const (
	lockPoll = 10 * time.Millisecond
	// lockWait is far more than making keys takes.
	lockWait = 10 * time.Second
)

// claim takes the folder for one demo as long as it runs, since each start writes the configuration and the questions anew. The
// kernel frees the lock when the process dies.
func (f folder) claim() (*flock.Flock, error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the demo's folder: %w", err)
	}
	lock := flock.New(filepath.Join(f.dir, ".lock"), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the demo's folder: %w", err)
	}
	if !held {
		return nil, fmt.Errorf("%s: %w", f.dir, ErrInUse)
	}
	return lock, nil
}

// locked runs make while no other program makes keys in the folder: of several stand-ins that start at once, one makes them and
// the others find them. A running demo is not in the way.
func (f folder) locked(make func() error) error {
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	lock := flock.New(filepath.Join(f.keys(), ".lock"), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		return fmt.Errorf("lock the folder of keys: %w", err)
	}
	return errors.Join(make(), lock.Unlock())
}
