package smcrypto

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/emmansun/gmsm/sm4"
)

// vectors mirrors testdata/vectors.json: published values only, each with its source.
type vectors struct {
	Digests []struct{ Source, Message, Sum string }
	MACs    []struct{ Source, Key, Message, MAC string }
	Blocks  []struct{ Source, Key, Plaintext, Ciphertext string }
	GCM     []struct{ Source, Key, Nonce, AAD, Plaintext, Ciphertext string }
	Derived []struct{ Source, Secret, Key string } `json:"sm4_key_from_secret"`
	Key     struct{ Source, D, X, Y, ZA, Message, E string }
	Signed  []struct{ Source, Point, Message, Signature string }   `json:"signatures"`
	Sealed  []struct{ Source, Form, Ciphertext, Plaintext string } `json:"ciphertexts"`
}

func loadVectors(t testing.TB) vectors {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func standardKey(t testing.TB) *PrivateKey {
	t.Helper()
	key, err := NewPrivateKey(unhex(t, loadVectors(t).Key.D))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestDigestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t).Digests {
		if sum := SM3([]byte(v.Message)); hex.EncodeToString(sum[:]) != v.Sum {
			t.Errorf("%s: %x", v.Source, sum)
		}
		hasher := NewSM3()
		for _, c := range []byte(v.Message) {
			hasher.Write([]byte{c})
		}
		if sum := hasher.Sum(nil); hex.EncodeToString(sum) != v.Sum {
			t.Errorf("%s, byte by byte: %x", v.Source, sum)
		}
	}
}

// However the message is cut into parts, the value is that of the whole.
func TestMACVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t).MACs {
		key, message := unhex(t, v.Key), []byte(v.Message)
		for cut := range message {
			if mac := HMACSM3(key, message[:cut], message[cut:]); hex.EncodeToString(mac[:]) != v.MAC {
				t.Errorf("%s, cut at %d: %x", v.Source, cut, mac)
			}
		}
		if mac := HMACSM3(key[1:], message); hex.EncodeToString(mac[:]) == v.MAC {
			t.Errorf("%s: the key does not matter", v.Source)
		}
	}
}

func TestKeyFromSecretVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t).Derived {
		if sum := SM3([]byte(v.Secret)); hex.EncodeToString(sum[:SM4KeySize]) != v.Key {
			t.Errorf("%s: %x", v.Source, sum[:SM4KeySize])
		}
	}
}

// The cipher below GCM, checked against the standard's own block.
func TestBlockVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t).Blocks {
		block, err := sm4.NewCipher(unhex(t, v.Key))
		if err != nil {
			t.Fatal(err)
		}
		out := make([]byte, sm4.BlockSize)
		block.Encrypt(out, unhex(t, v.Plaintext))
		if hex.EncodeToString(out) != v.Ciphertext {
			t.Errorf("%s: %x", v.Source, out)
		}
	}
}

func TestGCMVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t).GCM {
		aead, err := NewSM4GCM(unhex(t, v.Key))
		if err != nil {
			t.Fatal(err)
		}
		sealed := aead.Seal(nil, unhex(t, v.Nonce), unhex(t, v.Plaintext), unhex(t, v.AAD))
		if hex.EncodeToString(sealed) != v.Ciphertext {
			t.Errorf("%s: %x", v.Source, sealed)
		}
		opened, err := aead.Open(nil, unhex(t, v.Nonce), unhex(t, v.Ciphertext), unhex(t, v.AAD))
		if err != nil || hex.EncodeToString(opened) != v.Plaintext {
			t.Errorf("%s: open: %x, %v", v.Source, opened, err)
		}
	}
}

func TestKeyVector(t *testing.T) {
	t.Parallel()
	v := loadVectors(t).Key
	key := standardKey(t).Public()
	point, err := NewPublicKey(unhex(t, "04"+v.X+v.Y))
	if err != nil || !point.Equal(key) {
		t.Fatalf("%s: d does not give (x, y): %v", v.Source, err)
	}
	if hex.EncodeToString(key.za[:]) != v.ZA {
		t.Errorf("ZA = %x", key.za)
	}
	if e := key.digest([]byte(v.Message)); hex.EncodeToString(e[:]) != v.E {
		t.Errorf("e = %x", e)
	}
}

func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t).Signed {
		key := standardKey(t).Public()
		if v.Point != "" {
			var err error
			if key, err = NewPublicKey(unhex(t, v.Point)); err != nil {
				t.Fatal(err)
			}
		}
		signature, err := base64.StdEncoding.DecodeString(v.Signature)
		if err != nil {
			t.Fatal(err)
		}
		if !key.Verify([]byte(v.Message), signature) {
			t.Errorf("%s: published signature refused", v.Source)
		}
		if key.Verify([]byte(v.Message+"."), signature) {
			t.Errorf("%s: another message accepted", v.Source)
		}
	}
}

func TestCiphertextVectors(t *testing.T) {
	t.Parallel()
	key := standardKey(t)
	open := map[string]func([]byte) ([]byte, error){"der": key.Decrypt, "raw": key.DecryptRaw}
	other := map[string]string{"der": "raw", "raw": "der"}
	for _, v := range loadVectors(t).Sealed {
		plaintext, err := open[v.Form](unhex(t, v.Ciphertext))
		if err != nil || string(plaintext) != v.Plaintext {
			t.Errorf("%s: %q, %v", v.Source, plaintext, err)
		}
		if _, err := open[other[v.Form]](unhex(t, v.Ciphertext)); err == nil {
			t.Errorf("%s: taken for the %s form", v.Source, other[v.Form])
		}
	}
}

// DER has one form for each signature (GM/T 0009 clause 7.3, X.690 clause 10):
// the standard's own signature, written in any other way, is refused.
func TestVerifyWantsDER(t *testing.T) {
	t.Parallel()
	v := loadVectors(t).Signed[0]
	good, err := base64.StdEncoding.DecodeString(v.Signature)
	if err != nil {
		t.Fatal(err)
	}
	r, s := good[4:37], good[39:72] // 00 and 32 bytes each
	for name, c := range map[string]struct {
		signature []byte
		want      bool
	}{
		"as published":     {good, true},
		"raw r and s":      {slices.Concat(r[1:], s[1:]), false},
		"length too large": {slices.Concat([]byte{0x30, 0x47}, good[2:]), false},
		"length too small": {slices.Concat([]byte{0x30, 0x45}, good[2:]), false},
		"long length form": {slices.Concat([]byte{0x30, 0x81, 0x46}, good[2:]), false},
		"leading zero":     {slices.Concat([]byte{0x30, 0x47, 0x02, 0x22, 0}, r, good[37:]), false},
		"negative r":       {slices.Concat([]byte{0x30, 0x45, 0x02, 0x20}, r[1:], good[37:]), false},
		"trailing byte":    {slices.Concat(good, []byte{0}), false},
		"r is zero":        {slices.Concat([]byte{0x30, 0x26, 0x02, 0x01, 0}, good[37:]), false},
		"empty":            {nil, false},
	} {
		if got := standardKey(t).Public().Verify([]byte(v.Message), c.signature); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The same message signed twice gives two valid, different signatures.
func TestSignIsHedged(t *testing.T) {
	t.Parallel()
	key, message := standardKey(t), []byte("message digest")
	first, err1 := key.Sign(rand.Reader, message)
	second, err2 := key.Sign(rand.Reader, message)
	if err1 != nil || err2 != nil || string(first) == string(second) {
		t.Fatalf("signatures repeat: %v, %v", err1, err2)
	}
	if !key.Public().Verify(message, first) || !key.Public().Verify(message, second) {
		t.Fatal("own signature refused")
	}
}
