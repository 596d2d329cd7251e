package publish

import (
	"io/fs"
	"testing/fstest"
)

// FS shows the files as a file system, for the engine and the authors' tools. The standard library's one in memory does: it is no test's
// alone, and its files are read-only.
func (f Files) FS() fs.FS {
	files := fstest.MapFS{}
	for path, content := range f {
		files[path] = &fstest.MapFile{Data: content, Mode: 0o444}
	}
	return files
}
