// Package authoringtest gives tests of the authors' tools the shipped policy folder, with changes. It is for tests only.
package authoringtest

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

// Shipped gives the shipped policy folder whole: rules, data, schemas, tests, cases, matrix and survivors. Each caller has its own.
func Shipped(t testing.TB) fstest.MapFS {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	root := os.DirFS(filepath.Join(filepath.Dir(here), "..", ".."))
	files := fstest.MapFS{}
	for _, pattern := range []string{"*.rego", "data/*.yaml", "schema/*.json", "cases/*.yaml", "matrix/*.yaml", "*.yaml"} {
		paths, err := fs.Glob(root, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			content, err := fs.ReadFile(root, path)
			if err != nil {
				t.Fatal(err)
			}
			files[path] = &fstest.MapFile{Data: content}
		}
	}
	return files
}

// Edit replaces a text that is in the file exactly once.
func Edit(t testing.TB, files fstest.MapFS, path, old, replacement string) {
	t.Helper()
	file := files[path]
	if file == nil {
		t.Fatalf("no file %s", path)
	}
	if n := strings.Count(string(file.Data), old); n != 1 {
		t.Fatalf("%s has %q %d times", path, old, n)
	}
	files[path] = &fstest.MapFile{Data: []byte(strings.Replace(string(file.Data), old, replacement, 1))}
}

// Add gives the files with one more, or one replaced.
func Add(files fstest.MapFS, path, content string) fstest.MapFS {
	all := maps.Clone(files)
	all[path] = &fstest.MapFile{Data: []byte(content)}
	return all
}
