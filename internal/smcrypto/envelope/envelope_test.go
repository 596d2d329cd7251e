package envelope

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

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

func ringOf(kid string, key *smcrypto.PrivateKey) KeyRing {
	return func(id string) (Unwrapper, bool) { return key, id == kid }
}

func sealFor(t testing.TB, key *smcrypto.PrivateKey, content, aad string) []byte {
	t.Helper()
	text, err := Seal(rand.Reader, "k1", key.Public(), []byte(content), []byte(aad))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSealOpen(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	for _, content := range []string{"", `{"points":3}`, strings.Repeat("驾", 100_000)} {
		text := sealFor(t, key, content, "POST /v1/licences/query")
		if len(content) > 0 && bytes.Contains(text, []byte(content)) {
			t.Error("content is readable")
		}
		got, err := Open(text, ringOf("k1", key), []byte("POST /v1/licences/query"))
		if err != nil || string(got) != content {
			t.Errorf("%d bytes: %v", len(content), err)
		}
	}
}

// The wire form is the one that is written down: five members, in base64.
func TestWireForm(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	var members map[string]string
	if err := json.Unmarshal(sealFor(t, key, "x", ""), &members); err != nil {
		t.Fatal(err)
	}
	if len(members) != 5 || members["alg"] != Algorithm || members["kid"] != "k1" {
		t.Errorf("members %v", members)
	}
	for name, size := range map[string]int{"iv": 12, "ct": 17} {
		if raw, err := base64.StdEncoding.DecodeString(members[name]); err != nil || len(raw) != size {
			t.Errorf("%s: %d bytes, %v", name, len(raw), err)
		}
	}
	wrapped, err := base64.StdEncoding.DecodeString(members["ek"])
	if err != nil || wrapped[0] != 0x30 {
		t.Errorf("ek is not DER: %v", err)
	}
	if content, err := key.Decrypt(wrapped); err != nil || len(content) != 16 {
		t.Errorf("ek holds %d bytes, %v", len(content), err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	key, aad := newKey(t), []byte("aad")
	good := string(sealFor(t, key, "content", "aad"))
	edit := func(alter func(*Envelope)) string {
		var e Envelope
		if err := json.Unmarshal([]byte(good), &e); err != nil {
			t.Fatal(err)
		}
		alter(&e)
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"the envelope itself": {good, nil},
		"not JSON":            {"{", ErrFormat},
		"null":                {"null", ErrFormat},
		"array":               {"[]", ErrFormat},
		"text behind":         {good + "x", ErrFormat},
		"unknown member":      {strings.Replace(good, "{", `{"aad":"",`, 1), ErrFormat},
		"member twice":        {strings.Replace(good, "{", `{"kid":"k1",`, 1), ErrFormat},
		"other spelling":      {strings.Replace(good, `"kid"`, `"KID"`, 1), ErrFormat},
		"base64 with a break": {strings.Replace(good, `"ct":"`, `"ct":"\n`, 1), ErrFormat},
		"base64 url alphabet": {strings.Replace(good, `"ct":"`, `"ct":"_-__`, 1), ErrFormat},
		"other algorithm":     {strings.Replace(good, "SM4GCM", "SM4CBC", 1), ErrAlgorithm},
		"other key id":        {strings.Replace(good, `"k1"`, `"k2"`, 1), ErrKeyUnknown},
		"no key id":           {strings.Replace(good, `"k1"`, `""`, 1), ErrFormat},
		"no wrapped key":      {edit(func(e *Envelope) { e.EK = nil }), ErrFormat},
		"wrapped key garbage": {edit(func(e *Envelope) { e.EK = []byte{0x30, 0} }), ErrOpen},
		"wrapped key altered": {edit(func(e *Envelope) { e.EK[len(e.EK)-1] ^= 1 }), ErrOpen},
		"wrapped key long":    {edit(func(e *Envelope) { e.EK = make([]byte, wrapSize+1) }), ErrFormat},
		"wrapped key short": {edit(func(e *Envelope) {
			e.EK, _ = key.Public().Encrypt(rand.Reader, []byte("short"))
		}), ErrOpen},
		"iv altered": {edit(func(e *Envelope) { e.IV[0] ^= 1 }), ErrOpen},
		"iv long":    {edit(func(e *Envelope) { e.IV = append(e.IV, 0) }), ErrFormat},
		"ct altered": {edit(func(e *Envelope) { e.CT[0] ^= 1 }), ErrOpen},
		"ct cut":     {edit(func(e *Envelope) { e.CT = e.CT[:15] }), ErrFormat},
		"too large":  {good + strings.Repeat(" ", MaxEnvelope), ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := Open([]byte(c.text), ringOf("k1", key), aad); !errors.Is(err, c.want) || (err != nil && got != nil) {
				t.Errorf("%q, %v, want %v", got, err, c.want)
			}
		})
	}
	if _, err := Open([]byte(good), ringOf("k1", key), []byte("other")); !errors.Is(err, ErrOpen) {
		t.Errorf("other associated data: %v", err)
	}
	if _, err := Open([]byte(good), ringOf("k1", newKey(t)), aad); !errors.Is(err, ErrOpen) {
		t.Errorf("key of another recipient: %v", err)
	}
}

func TestSealRefuses(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	if _, err := Seal(rand.Reader, "k1", key.Public(), make([]byte, MaxContent+1), nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := Seal(strings.NewReader("short"), "k1", key.Public(), nil, nil); err == nil {
		t.Error("sealed without randomness")
	}
	largest, err := Seal(rand.Reader, strings.Repeat("k", 64), key.Public(), make([]byte, MaxContent), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(largest); err != nil {
		t.Errorf("the largest content of %d bytes: %v", len(largest), err)
	}
}

func FuzzOpen(f *testing.F) {
	key := newKey(f)
	good := sealFor(f, key, "content", "aad")
	f.Add(good)
	f.Add([]byte(`{"alg":"SM2-SM4GCM-SM3","kid":"k1","ek":"MAA=","iv":"AAAAAAAAAAAAAAAA","ct":"AAAAAAAAAAAAAAAAAAAAAA=="}`))
	f.Add([]byte(`{"alg":"SM2-SM4GCM-SM3","kid":"k1","ek":"BAA=","iv":"","ct":""}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		content, err := Open(text, ringOf("k1", key), []byte("aad"))
		if err == nil && string(content) != "content" {
			t.Errorf("forged: %q", content)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	key, content := newKey(b), make([]byte, 1024)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Seal(rand.Reader, "k1", key.Public(), content, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	key := newKey(b)
	text := sealFor(b, key, strings.Repeat("x", 1024), "")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(text, ringOf("k1", key), nil); err != nil {
			b.Fatal(err)
		}
	}
}
