package envelope

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// Envelope is an encrypted payload on the wire: a JSON object of exactly these
// five members, bytes in standard base64 with padding.
type Envelope struct {
	// Alg is always [Algorithm].
	Alg string `json:"alg"`
	// KID is the key id of the recipient's key.
	KID string `json:"kid"`
	// EK is the 16-byte content key, encrypted by SM2: a DER ciphertext.
	EK []byte `json:"ek"`
	// IV is the GCM nonce, 12 bytes.
	IV []byte `json:"iv"`
	// CT is the ciphertext followed by the tag of 16 bytes.
	CT []byte `json:"ct"`
}

// wrapSize bounds the DER ciphertext of a content key: 121 to 124 bytes are usual.
const wrapSize = 160

// Unwrapper opens a content key; [smcrypto.PrivateKey] is one.
type Unwrapper interface {
	Decrypt(ciphertext []byte) ([]byte, error)
}

// KeyRing finds the private key for a key id.
type KeyRing func(kid string) (Unwrapper, bool)

// Seal encrypts content for the owner of the key kid under a fresh content key and
// returns the JSON text. aad is authenticated and not sent: both sides derive it
// from the message around the envelope, so that none fits into another message.
func Seal(random io.Reader, kid string, to *smcrypto.PublicKey, content, aad []byte) ([]byte, error) {
	if len(content) > MaxContent {
		return nil, ErrTooLarge
	}
	fresh := make([]byte, smcrypto.SM4KeySize+smcrypto.GCMNonceSize)
	defer clear(fresh)
	if _, err := io.ReadFull(random, fresh); err != nil {
		return nil, fmt.Errorf("envelope: content key: %w", err)
	}
	key, iv := fresh[:smcrypto.SM4KeySize], fresh[smcrypto.SM4KeySize:]
	aead, err := smcrypto.NewSM4GCM(key)
	if err != nil {
		return nil, err
	}
	wrapped, err := to.Encrypt(random, key)
	if err != nil {
		return nil, fmt.Errorf("envelope: wrap key: %w", err)
	}
	return json.Marshal(Envelope{Alg: Algorithm, KID: kid, EK: wrapped, IV: iv, CT: aead.Seal(nil, iv, content, aad)})
}

// Open decrypts the JSON text of an envelope with the key that it names. The
// errors are those of this package.
func Open(text []byte, ring KeyRing, aad []byte) ([]byte, error) {
	e, err := Parse(text)
	if err != nil {
		return nil, err
	}
	unwrapper, ok := ring(e.KID)
	if !ok {
		return nil, ErrKeyUnknown
	}
	key, err := unwrapper.Decrypt(e.EK)
	if err != nil {
		return nil, ErrOpen
	}
	defer clear(key)
	aead, err := smcrypto.NewSM4GCM(key)
	if err != nil {
		return nil, ErrOpen
	}
	content, err := aead.Open(nil, e.IV, e.CT, aad)
	if err != nil {
		return nil, ErrOpen
	}
	return content, nil
}

// Parse reads an envelope strictly: an unknown, repeated or differently spelled
// member, loose base64, text behind the object or a wrong length is [ErrFormat].
func Parse(text []byte) (Envelope, error) {
	if len(text) > MaxEnvelope {
		return Envelope{}, ErrTooLarge
	}
	var e Envelope
	if err := json.Unmarshal(text, &e, json.RejectUnknownMembers(true)); err != nil {
		// The parser's error may repeat what it read; it is not passed on.
		return Envelope{}, ErrFormat
	}
	return e, e.check()
}

func (e Envelope) check() error {
	switch {
	case e.Alg == "" || e.KID == "":
		return ErrFormat
	case e.Alg != Algorithm:
		return ErrAlgorithm
	case len(e.EK) == 0 || len(e.EK) > wrapSize:
		return ErrFormat
	case len(e.IV) != smcrypto.GCMNonceSize || len(e.CT) < smcrypto.GCMTagSize:
		return ErrFormat
	}
	return nil
}
