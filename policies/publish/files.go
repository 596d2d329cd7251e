package publish

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Files are the files of a policy folder by path, such as data/fields.yaml: what decides, and what holds it to its purpose (tests,
// cases, matrix).
type Files map[string][]byte

// Bounds of a bundle. The shipped policies have 60 files and 150 kB; a country with a matrix file for each platform has some hundred.
const (
	MaxFiles     = 1024
	MaxFileBytes = 1 << 20
	MaxBytes     = 8 << 20   // of all files together
	MaxPacked    = 768 << 10 // of the compressed bundle, so that it fits into one value of the journal
	maxRatio     = 64        // of uncompressed to compressed; the shipped policies have 5
)

// places are the paths that a policy folder has.
var places = regexp.MustCompile(`^(?:[a-z0-9_]{1,64}\.rego|(?:data|cases|matrix)/[a-z0-9_-]{1,64}\.yaml|schema/[a-z0-9_-]{1,64}\.json)$`)

// FromFolder takes the files of a folder that belong to policies and leaves the others, such as notes, where they are.
func FromFolder(fsys fs.FS) (Files, error) {
	files := Files{}
	for _, pattern := range []string{"*.rego", "data/*.yaml", "cases/*.yaml", "matrix/*.yaml", "schema/*.json"} {
		found, err := fs.Glob(fsys, pattern)
		if err != nil {
			return nil, fmt.Errorf("list policies: %w", err)
		}
		for _, path := range found {
			if !places.MatchString(path) {
				return nil, refuse(BadPath, "%s: want names of a-z, 0-9, _ and -", path)
			}
			if files[path], err = fs.ReadFile(fsys, path); err != nil {
				return nil, fmt.Errorf("read policies: %w", err)
			}
		}
	}
	return files, files.check()
}

// check holds files against the bounds.
func (f Files) check() error {
	total := 0
	for path, content := range f {
		total += len(content)
		if len(content) > MaxFileBytes {
			return refuse(TooLarge, "%s has more than %d bytes", path, MaxFileBytes)
		}
	}
	switch {
	case len(f) == 0:
		return refuse(Malformed, "no policies")
	case len(f) > MaxFiles || total > MaxBytes:
		return refuse(TooLarge, "%d files of %d bytes; at most %d of %d", len(f), total, MaxFiles, MaxBytes)
	}
	return nil
}

// Paths gives the paths in order.
func (f Files) Paths() []string { return slices.Sorted(maps.Keys(f)) }

// Differing gives the paths, in order, of files that others lack or have otherwise, and of those that only others have.
func (f Files) Differing(others Files) []string {
	differ := map[string]bool{}
	for _, both := range []Files{f, others} {
		for path := range both {
			mine, has := f[path]
			theirs, had := others[path]
			differ[path] = has != had || !bytes.Equal(mine, theirs)
		}
	}
	maps.DeleteFunc(differ, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(differ))
}

// Revision names what decides: the same digest as the engine gives, so that records of decisions name what was published.
func (f Files) Revision(newHash func() hash.Hash) string {
	return f.digest(newHash, func(path string) bool {
		return !strings.HasSuffix(path, "_test.rego") && !strings.HasPrefix(path, "cases/") && !strings.HasPrefix(path, "matrix/")
	})
}

// Content names everything in the bundle, tests included.
func (f Files) Content(newHash func() hash.Hash) string {
	return f.digest(newHash, func(string) bool { return true })
}

// digest is over path and content with their lengths, which keep the border between two members where it is.
func (f Files) digest(newHash func() hash.Hash, counts func(path string) bool) string {
	sum := newHash()
	for _, path := range f.Paths() {
		if counts(path) {
			fmt.Fprintf(sum, "%d %s %d ", len(path), path, len(f[path]))
			sum.Write(f[path])
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
