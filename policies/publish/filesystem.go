package publish

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// FS shows the files as a file system, for the engine and the authors' tools.
func (f Files) FS() fs.FS { return fileSystem{f} }

type fileSystem struct{ files Files }

// Open implements [fs.FS].
func (s fileSystem) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if content, ok := s.files[name]; ok {
		return &file{Reader: bytes.NewReader(content), info: info{name: path.Base(name), size: int64(len(content))}}, nil
	}
	if entries := s.below(name); len(entries) > 0 || name == "." {
		return &folder{info: info{name: path.Base(name), dir: true}, rest: entries}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// below lists what is directly in a folder, in order.
func (s fileSystem) below(folder string) []fs.DirEntry {
	var entries []fs.DirEntry
	seen := map[string]bool{}
	for _, name := range s.files.Paths() {
		rest, inside := name, true
		if folder != "." {
			rest, inside = strings.CutPrefix(name, folder+"/")
		}
		first, _, deeper := strings.Cut(rest, "/")
		if inside && !seen[first] {
			seen[first] = true
			one := info{name: first, dir: deeper}
			if !deeper {
				one.size = int64(len(s.files[name]))
			}
			entries = append(entries, fs.FileInfoToDirEntry(one))
		}
	}
	return entries
}

type file struct {
	*bytes.Reader
	info info
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *file) Close() error { return nil }

type folder struct {
	info info
	rest []fs.DirEntry
}

func (f *folder) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *folder) Close() error { return nil }

func (f *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: fs.ErrInvalid}
}

// ReadDir implements [fs.ReadDirFile].
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(f.rest)
	} else if len(f.rest) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.rest))
	given := slices.Clone(f.rest[:n])
	f.rest = f.rest[n:]
	return given, nil
}

// info is about a file that nobody may change.
type info struct {
	name string
	size int64
	dir  bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }

func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
