package kept_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"math/rand/v2"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/kept"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// engine loads the shipped policies.
func engine(t testing.TB) *policies.Engine {
	t.Helper()
	loaded, err := policies.New(policies.Embedded(), policies.Options{NewHash: sha256.New})
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func revision(t testing.TB, fsys fs.FS) string {
	t.Helper()
	draft, err := policies.ReadDraft(fsys, sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	return draft.Revision()
}

func TestKeptPoliciesAreThoseThatDecided(t *testing.T) {
	t.Parallel()
	name, sources := engine(t).Sources()
	packed, err := kept.Pack(sources)
	if err != nil {
		t.Fatal(err)
	}
	files, err := kept.Open(packed, name, sha256.New)
	if err != nil || revision(t, files) != name {
		t.Fatalf("%v", err)
	}
	content, err := fs.ReadFile(files, "data/platforms.yaml")
	want, _ := fs.ReadFile(policies.Embedded(), "data/platforms.yaml")
	if err != nil || !bytes.Equal(content, want) {
		t.Errorf("%v: %s", err, content)
	}
	if len(packed) > 64<<10 {
		t.Errorf("the shipped policies take %d bytes", len(packed))
	}
	if again, err := kept.Pack(sources); err != nil || !bytes.Equal(again, packed) {
		t.Errorf("packed again they differ, %v", err)
	}
}

func TestWhatIsNotTheRevisionIsRefused(t *testing.T) {
	t.Parallel()
	name, sources := engine(t).Sources()
	packed, err := kept.Pack(sources)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kept.Open(packed, "other", sha256.New); !errors.Is(err, kept.ErrOther) {
		t.Errorf("opened as another revision: %v", err)
	}
	if _, err := kept.Open(packed[:len(packed)/2], name, sha256.New); err == nil {
		t.Error("half a pack opened")
	}
	noise := make([]byte, 2<<20) // which doesn't pack
	source := rand.NewChaCha8([32]byte{1})
	_, _ = source.Read(noise)
	if _, err := kept.Pack(map[string][]byte{"schema/large.json": noise}); !errors.Is(err, kept.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	name, sources := engine(f).Sources()
	packed, err := kept.Pack(sources)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, text []byte) {
		files, err := kept.Open(text, name, sha256.New)
		if err == nil && revision(t, files) != name {
			t.Error("other policies")
		}
	})
}
