package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// manifestVersion is that of the folder's form.
const manifestVersion = 1

// manifestBytes bounds what is read of a manifest.
const manifestBytes = 64 << 10

const (
	manifestFile = "backup.json"
	journalDir   = "journal"
)

// Manifest says what a backup is.
type Manifest struct {
	Version int    `json:"version"`
	Program string `json:"program"` // the version that wrote it

	// Complete tells that the copy was compared with its source message by message. It is false while one is written, so that a copy
	// that was interrupted is not taken for a backup.
	Complete bool `json:"complete"`

	Began  time.Time               `json:"began"`          // everything from before is in it
	Ended  time.Time               `json:"ended,omitzero"` // of a complete one
	Report journal.MigrationReport `json:"report"`
}

// ErrNoBackup: the folder holds none that could be brought back.
var ErrNoBackup = errors.New("no backup")

// Read reads the manifest of a folder. Errors: ErrNoBackup.
func Read(dir string) (Manifest, error) {
	path := filepath.Join(dir, manifestFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fmt.Errorf("%w: %w", ErrNoBackup, err)
	}
	if err != nil {
		return Manifest{}, err
	}
	if info.Size() > manifestBytes {
		return Manifest{}, fmt.Errorf("%w: %s is too large", ErrNoBackup, path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Manifest{}, err
	}
	return decode(data)
}

// decode reads a manifest's bytes. Errors: ErrNoBackup.
func decode(data []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, fmt.Errorf("%w: %s is damaged", ErrNoBackup, manifestFile)
	}
	if m.Version != manifestVersion {
		return Manifest{}, fmt.Errorf("%w that this program can read: its form is %d, wanted %d", ErrNoBackup, m.Version, manifestVersion)
	}
	return m, nil
}

// write replaces the manifest so that it is the old or the new one at any moment, also after a loss of power.
func (m Manifest) write(dir string) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	next, err := os.OpenFile(filepath.Join(dir, manifestFile+".next"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = next.Write(append(data, '\n'))
	if err := errors.Join(err, next.Sync(), next.Close()); err != nil {
		return err
	}
	if err := os.Rename(next.Name(), filepath.Join(dir, manifestFile)); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
