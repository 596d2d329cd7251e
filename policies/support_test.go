package policies_test

import (
	"crypto/sha256"
	"io/fs"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// noon is the moment of every request that doesn't say otherwise.
var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

// newEngine compiles policies with room for the race detector's slowness; what a time-out does has its own test.
func newEngine(t testing.TB, fsys fs.FS) *policies.Engine {
	t.Helper()
	engine, err := policies.New(fsys, policies.Options{NewHash: sha256.New, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// builtIn is one engine of the built-in policies for all tests that only ask it: compiling them is the slow part.
var builtIn = sync.OnceValues(func() (*policies.Engine, error) {
	return policies.New(policies.Embedded(), policies.Options{NewHash: sha256.New, Timeout: time.Minute})
})

func sharedEngine(t testing.TB) *policies.Engine {
	t.Helper()
	engine, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// changed gives the built-in policies with some files replaced or added.
func changed(t testing.TB, files map[string]string) fs.FS {
	t.Helper()
	return builtInFiles(t, ".", files)
}

// builtInFiles gives the built-in files of a folder and what is below it, with some files replaced or added.
func builtInFiles(t testing.TB, folder string, files map[string]string) fstest.MapFS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(policies.Embedded(), folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(policies.Embedded(), path)
		all[path] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range files {
		all[path] = &fstest.MapFile{Data: []byte(content)}
	}
	return all
}

// scored is a face comparison by a provider that scores.
func scored(similarity float64) []exchange.Authentication {
	return []exchange.Authentication{{Method: "face", Provider: "demo-face", At: noon.Add(-time.Minute), Similarity: &similarity}}
}

// ownQuery is a citizen of Shanghai who asks Shanghai for everything, well authenticated.
func ownQuery() exchange.DecisionRequest {
	return exchange.DecisionRequest{
		Now: noon, Operation: exchange.LicenceQuery, Platform: "suishenban", Region: "310000", SubjectAge: 35,
		Purpose: exchange.Purpose{
			Code: "self-query", Matter: "310100001", MatterName: "驾驶证查询", Operator: "self", LegalBasis: "consent",
		},
		Authentications: scored(0.97),
	}
}
