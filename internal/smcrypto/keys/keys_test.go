package keys

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newKey(t testing.TB) *smcrypto.PrivateKey {
	t.Helper()
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func write(t *testing.T, path, content string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	// The mode of WriteFile is subject to the umask; this one is not.
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestPairRoundTrip(t *testing.T) {
	t.Parallel()
	files := Files{Root: t.TempDir()}
	key := newKey(t)
	private, public := filepath.Join(files.Root, "gw.pem"), filepath.Join(files.Root, "gw.pub.pem")
	if err := WritePair(key, private, public); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(private); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("private key file: %v, %v", info.Mode(), err)
	}
	for _, reference := range []string{"file:gw.pem", "file:" + private} {
		loaded, err := files.PrivateKey(reference)
		if err != nil || !loaded.Public().Equal(key.Public()) {
			t.Errorf("%s: %v", reference, err)
		}
	}
	if loaded, err := files.PublicKey("file:gw.pub.pem"); err != nil || !loaded.Equal(key.Public()) {
		t.Errorf("public key: %v", err)
	}
	if err := WritePair(newKey(t), private, public+"2"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a private key was overwritten: %v", err)
	}
}

func TestSecretRoundTrip(t *testing.T) {
	t.Parallel()
	files, want := Files{Root: t.TempDir()}, []byte("0123456789abcdef")
	if err := WriteSecret(want, filepath.Join(files.Root, "hex")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(files.Root, "b64"), " "+base64.StdEncoding.EncodeToString(want)+"\r\n", 0o400)
	for _, name := range []string{"hex", "b64"} {
		if got, err := files.Secret("file:" + name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
	if err := WriteSecret(want[1:], filepath.Join(files.Root, "short")); !errors.Is(err, smcrypto.ErrKeySize) {
		t.Errorf("short secret written: %v", err)
	}
}

// A secret text loses the white space around it, not within, and is a secret.
func TestText(t *testing.T) {
	t.Parallel()
	files := Files{Root: t.TempDir()}
	path := filepath.Join(files.Root, "k")
	write(t, path, "\n access key \r\n", 0o600)
	if got, err := files.Text("file:k"); err != nil || got != "access key" {
		t.Errorf("%q, %v", got, err)
	}
	write(t, path, "x", 0o644)
	if _, err := files.Text("file:k"); !errors.Is(err, ErrExposed) {
		t.Errorf("readable by others: %v", err)
	}
}

// A secret that others could read or change is refused, a public key is not.
func TestExposedFiles(t *testing.T) {
	t.Parallel()
	files := Files{Root: t.TempDir()}
	pem, err := newKey(t).MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(files.Root, "k")
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o660, 0o620, 0o601, 0o777} {
		write(t, path, string(pem), mode)
		if _, err := files.PrivateKey("file:k"); !errors.Is(err, ErrExposed) {
			t.Errorf("private key of mode %o: %v", mode, err)
		}
		write(t, path, "00112233445566778899aabbccddeeff", mode)
		if _, err := files.Secret("file:k"); !errors.Is(err, ErrExposed) {
			t.Errorf("secret of mode %o: %v", mode, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	files := Files{Root: t.TempDir()}
	write(t, filepath.Join(files.Root, "text"), "not a key", 0o600)
	for name, c := range map[string]struct {
		reference string
		want      error
	}{
		"no scheme":    {"text", ErrReference},
		"other scheme": {"hsm:slot0", ErrReference},
		"no path":      {"file:", ErrReference},
		"a folder":     {"file:.", ErrReference},
		"absent":       {"file:absent", fs.ErrNotExist},
		"not a key":    {"file:text", smcrypto.ErrKeyFormat},
	} {
		if _, err := files.PrivateKey(c.reference); !errors.Is(err, c.want) {
			t.Errorf("%s, private: %v", name, err)
		}
		if _, err := files.PublicKey(c.reference); !errors.Is(err, c.want) {
			t.Errorf("%s, public: %v", name, err)
		}
	}
	for _, content := range []string{"", "00112233445566778899aabbccddee", "zz112233445566778899aabbccddeeff", "MDEyMzQ1Njc4OWFiY2RlZg"} {
		write(t, filepath.Join(files.Root, "s"), content, 0o600)
		if _, err := files.Secret("file:s"); !errors.Is(err, ErrSecretFormat) {
			t.Errorf("secret %q: %v", content, err)
		}
	}
}

// Whoever writes a key where its reference belongs must not find it in a log.
func TestReferenceErrorHidesIt(t *testing.T) {
	t.Parallel()
	for _, reference := range []string{"00112233445566778899aabbccddeeff", "-----BEGIN PRIVATE KEY-----: MIGH", "secret:MIGH"} {
		_, err := Files{}.Secret(reference)
		if !errors.Is(err, ErrReference) || strings.Contains(err.Error(), "MIGH") || strings.Contains(err.Error(), "0011") {
			t.Errorf("%q: %v", reference, err)
		}
	}
}

func TestRing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	record := func(id, algorithm string, from, to time.Duration) Record {
		r := Record{ID: id, Party: "suishenban", Algorithm: algorithm, Key: newKey(t).Public()}
		if from != 0 {
			r.NotBefore = now.Add(from)
		}
		if to != 0 {
			r.NotAfter = now.Add(to)
		}
		return r
	}
	ring, err := NewRing(
		record("old", AlgorithmSign, 0, -time.Second), record("one", AlgorithmSign, -time.Hour, time.Hour),
		record("two", AlgorithmSign, 0, 0), record("next", AlgorithmSign, time.Second, 0),
		record("wrap", AlgorithmWrap, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	var current []string
	for _, r := range ring.Current("suishenban", AlgorithmSign, now) {
		current = append(current, r.ID)
	}
	if strings.Join(current, " ") != "one two" {
		t.Errorf("current keys: %v", current)
	}
	if len(ring.Current("weixin", AlgorithmSign, now)) != 0 {
		t.Error("keys of a party that has none")
	}
	one, _ := ring.Key("one")
	if !one.ValidAt(one.NotBefore) || !one.ValidAt(one.NotAfter) || one.ValidAt(one.NotAfter.Add(1)) || one.ValidAt(one.NotBefore.Add(-1)) {
		t.Error("bounds are not inclusive")
	}
}

func TestRingRefuses(t *testing.T) {
	t.Parallel()
	good := Record{ID: "a", Party: "p", Algorithm: AlgorithmSign, Key: newKey(t).Public()}
	for name, alter := range map[string]func(*Record){
		"no id":             func(r *Record) { r.ID = "" },
		"no party":          func(r *Record) { r.Party = "" },
		"no key":            func(r *Record) { r.Key = nil },
		"no algorithm":      func(r *Record) { r.Algorithm = "" },
		"other algorithm":   func(r *Record) { r.Algorithm = "rsa-pss-sha512" },
		"ends before start": func(r *Record) { r.NotBefore, r.NotAfter = time.Unix(2, 0), time.Unix(1, 0) },
	} {
		bad := good
		alter(&bad)
		if _, err := NewRing(bad); !errors.Is(err, ErrRecord) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewRing(good, good); !errors.Is(err, ErrRecord) {
		t.Error("the same id twice")
	}
}

// Readers see one ring or the other while it is replaced.
func TestLive(t *testing.T) {
	t.Parallel()
	a, err1 := NewRing(Record{ID: "k", Party: "a", Algorithm: AlgorithmSign, Key: newKey(t).Public()})
	b, err2 := NewRing(Record{ID: "k", Party: "b", Algorithm: AlgorithmSign, Key: newKey(t).Public()})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	live, done := NewLive(a), make(chan struct{})
	go func() {
		defer close(done)
		for range 1000 {
			live.Replace(b)
			live.Replace(a)
		}
	}()
	for range 1000 {
		if r, ok := live.Key("k"); !ok || (r.Party != "a" && r.Party != "b") {
			t.Fatalf("%+v", r)
		}
	}
	<-done
}
