package envelope

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

func vaultOf(t testing.TB, active string, kids ...string) *Vault {
	t.Helper()
	keys := make(map[string][]byte)
	for _, kid := range kids {
		key := smcrypto.SM3([]byte(kid))
		keys[kid] = key[:smcrypto.SM4KeySize]
	}
	v, err := NewVault(rand.Reader, active, keys)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVault(t *testing.T) {
	t.Parallel()
	v := vaultOf(t, "2026", "2026")
	sealed, err := v.Seal([]byte("content"), []byte("record 7"))
	if err != nil {
		t.Fatal(err)
	}
	stored, err := json.Marshal(sealed)
	if err != nil || bytes.Contains(stored, []byte("content")) {
		t.Fatalf("%s, %v", stored, err)
	}
	var read Sealed
	if err := json.Unmarshal(stored, &read); err != nil {
		t.Fatal(err)
	}
	// Next year's vault seals with its own key and still opens this one.
	next := vaultOf(t, "2027", "2026", "2027")
	if got, err := next.Open(read, []byte("record 7")); err != nil || string(got) != "content" {
		t.Errorf("%q, %v", got, err)
	}
	newer, err := next.Seal(nil, nil)
	if err != nil || newer.KID != "2027" {
		t.Errorf("sealed with %q, %v", newer.KID, err)
	}
	if _, err := v.Open(newer, nil); !errors.Is(err, ErrKeyUnknown) {
		t.Errorf("a key that is not there: %v", err)
	}
}

func TestVaultNeverRepeats(t *testing.T) {
	t.Parallel()
	v := vaultOf(t, "k", "k")
	first, err1 := v.Seal([]byte("same"), nil)
	second, err2 := v.Seal([]byte("same"), nil)
	if err1 != nil || err2 != nil || bytes.Equal(first.IV, second.IV) || bytes.Equal(first.CT, second.CT) {
		t.Errorf("two sealings alike: %v, %v", err1, err2)
	}
}

func TestVaultRefuses(t *testing.T) {
	t.Parallel()
	v := vaultOf(t, "k", "k", "other")
	for name, c := range map[string]struct {
		alter func(*Sealed)
		want  error
	}{
		"salt altered": {func(s *Sealed) { s.IV[0] ^= 1 }, ErrOpen},
		"iv altered":   {func(s *Sealed) { s.IV[23] ^= 1 }, ErrOpen},
		"ct altered":   {func(s *Sealed) { s.CT[0] ^= 1 }, ErrOpen},
		"other key":    {func(s *Sealed) { s.KID = "other" }, ErrOpen},
		"unknown key":  {func(s *Sealed) { s.KID = "" }, ErrKeyUnknown},
		"iv cut":       {func(s *Sealed) { s.IV = s.IV[:12] }, ErrFormat},
		"ct cut":       {func(s *Sealed) { s.CT = s.CT[:15] }, ErrFormat},
	} {
		sealed, err := v.Seal([]byte("content"), []byte("aad"))
		if err != nil {
			t.Fatal(err)
		}
		c.alter(&sealed)
		if got, err := v.Open(sealed, []byte("aad")); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	sealed, err := v.Seal([]byte("content"), []byte("record 7"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Open(sealed, []byte("record 8")); !errors.Is(err, ErrOpen) {
		t.Errorf("moved to another record: %v", err)
	}
}

func TestNewVaultRefuses(t *testing.T) {
	t.Parallel()
	key := make([]byte, 16)
	if _, err := NewVault(rand.Reader, "a", map[string][]byte{"b": key}); !errors.Is(err, ErrKeyUnknown) {
		t.Errorf("active key missing: %v", err)
	}
	if _, err := NewVault(rand.Reader, "a", map[string][]byte{"a": key[:15]}); !errors.Is(err, smcrypto.ErrKeySize) {
		t.Errorf("short key: %v", err)
	}
	if _, err := NewVault(nil, "a", map[string][]byte{"a": key}); err == nil {
		t.Error("no random source accepted")
	}
	v, err := NewVault(strings.NewReader("few"), "a", map[string][]byte{"a": key})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Seal(nil, nil); err == nil {
		t.Error("sealed without randomness")
	}
}

func BenchmarkVaultSeal(b *testing.B) {
	v, content := vaultOf(b, "k", "k"), make([]byte, 1024)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Seal(content, nil); err != nil {
			b.Fatal(err)
		}
	}
}
