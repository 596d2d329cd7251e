package journal

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lockName is the file that holds the lock, in the store folder beside the engine's own files.
const lockName = "journal.lock"

// lockDir creates the folder and takes its lock, or returns ErrLocked. The engine takes no lock of its own: two
// processes on one folder would both acknowledge and one of them would lose. The kernel frees the lock when the process
// dies, however it dies, so a stale lock file stops nobody.
func lockDir(dir string) (*flock.Flock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create journal folder: %w", err)
	}
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock journal folder: %w", err)
	}
	if !held {
		return nil, fmt.Errorf("%w: folder %s", ErrLocked, dir)
	}
	return lock, nil
}
