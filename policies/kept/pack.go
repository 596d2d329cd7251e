// Package kept puts policies into one file and takes them out again, so that what decided in the past can be read when somebody asks
// why. It knows which files decide and stops there: where the file is kept is no matter of its own.
package kept

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"slices"

	"github.com/zhengqiao/zhengqiao/policies"
)

// MaxBytes bounds a packed revision: what one record of a log can hold, as text.
const MaxBytes = 700 << 10

// maxUnpacked bounds all files of a revision together; the shipped one has some 60 KB.
const maxUnpacked = 64 << 20

// ErrTooLarge says that a revision does not fit.
var ErrTooLarge = errors.New("the policies are too large to be kept")

// ErrOther says that a pack is not of the revision that it should be.
var ErrOther = errors.New("the policies are of another revision")

// Pack packs the files that decide, by path. The same files are always packed alike.
func Pack(files map[string][]byte) ([]byte, error) {
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		entry, err := writer.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = entry.Write(files[name])
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("pack policies: %w", err)
	}
	if packed.Len() > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes packed, at most %d", ErrTooLarge, packed.Len(), MaxBytes)
	}
	return packed.Bytes(), nil
}

// Open gives the files of a pack. ErrOther: they are not those of the revision, by its digest.
func Open(packed []byte, revision string, newHash func() hash.Hash) (fs.FS, error) {
	files, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, fmt.Errorf("open kept policies: %w", err)
	}
	var size uint64
	for _, file := range files.File {
		size += file.UncompressedSize64
	}
	if size > maxUnpacked {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, size)
	}
	draft, err := policies.ReadDraft(files, newHash)
	if err != nil {
		return nil, fmt.Errorf("read kept policies: %w", err)
	}
	if draft.Revision() != revision {
		return nil, fmt.Errorf("%w: %s, want %s", ErrOther, draft.Revision(), revision)
	}
	return files, nil
}
