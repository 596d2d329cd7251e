package envelope

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// Sealed is content at rest. Its JSON form has the members kid, iv and ct, bytes
// in base64.
type Sealed struct {
	// KID is the key id of the vault's key.
	KID string `json:"kid"`
	// IV is 24 random bytes, see [Vault].
	IV []byte `json:"iv"`
	// CT is the ciphertext followed by the tag of 16 bytes.
	CT []byte `json:"ct"`
}

const (
	// saltSize and vaultIV: the first half of IV makes the key of this one content,
	// the second half is its GCM nonce.
	saltSize = 12
	vaultIV  = saltSize + smcrypto.GCMNonceSize
	// vaultLabel keeps keys derived here apart from any other use of the same key.
	vaultLabel = "zhengqiao at rest v1"
)

// Vault seals content for storage with SM4-GCM. One 16-byte key seals; older ones
// still open, so that a key is changed without sealing everything again.
//
// A random 96-bit nonce alone would run out: at a thousand records a second the
// 2^32 uses of one key that NIST SP 800-38D section 8.3 allows are over in 50
// days. So each content gets a key of its own, the first 16 bytes of
// HMAC-SM3(key, label ‖ salt), and 192 bits of randomness in all.
//
// A vault is immutable and safe for concurrent use if its random source is.
type Vault struct {
	random io.Reader
	active string
	keys   map[string][]byte
}

// NewVault takes the keys by key id; active names the one that seals.
func NewVault(random io.Reader, active string, keys map[string][]byte) (*Vault, error) {
	if random == nil {
		return nil, errors.New("envelope: a vault needs a random source")
	}
	if _, ok := keys[active]; !ok {
		return nil, fmt.Errorf("%w: active key %q", ErrKeyUnknown, active)
	}
	own := maps.Clone(keys)
	for kid, key := range own {
		if len(key) != smcrypto.SM4KeySize {
			return nil, fmt.Errorf("vault key %q: %w", kid, smcrypto.ErrKeySize)
		}
		own[kid] = slices.Clone(key)
	}
	return &Vault{random: random, active: active, keys: own}, nil
}

// Seal encrypts content. aad is authenticated and not stored: give the place that
// the content belongs to, so that a record cannot be put where another was.
func (v *Vault) Seal(content, aad []byte) (Sealed, error) {
	iv := make([]byte, vaultIV)
	if _, err := io.ReadFull(v.random, iv); err != nil {
		return Sealed{}, fmt.Errorf("envelope: nonce: %w", err)
	}
	aead, err := derive(v.keys[v.active], iv[:saltSize])
	if err != nil {
		return Sealed{}, err
	}
	return Sealed{KID: v.active, IV: iv, CT: aead.Seal(nil, iv[saltSize:], content, aad)}, nil
}

// Open decrypts what a vault with the same keys sealed. Errors: [ErrFormat],
// [ErrKeyUnknown] and [ErrOpen].
func (v *Vault) Open(s Sealed, aad []byte) ([]byte, error) {
	if len(s.IV) != vaultIV || len(s.CT) < smcrypto.GCMTagSize {
		return nil, ErrFormat
	}
	key, ok := v.keys[s.KID]
	if !ok {
		return nil, ErrKeyUnknown
	}
	aead, err := derive(key, s.IV[:saltSize])
	if err != nil {
		return nil, err
	}
	content, err := aead.Open(nil, s.IV[saltSize:], s.CT, aad)
	if err != nil {
		return nil, ErrOpen
	}
	return content, nil
}

func derive(key, salt []byte) (cipher.AEAD, error) {
	own := smcrypto.HMACSM3(key, []byte(vaultLabel), salt)
	defer clear(own[:])
	return smcrypto.NewSM4GCM(own[:smcrypto.SM4KeySize])
}
