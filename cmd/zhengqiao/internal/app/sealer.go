package app

import (
	"bytes"
	"errors"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
)

// sealer gives what a vault seals as plain bytes, for ledgers: the key's id, a zero byte, the salt and nonce, the ciphertext. It is a
// [changefeed.Sealer].
type sealer struct{ vault *envelope.Vault }

// ivBytes is the length of [envelope.Sealed] IV.
const ivBytes = 24

// Seal encrypts content for the place that aad names.
func (s sealer) Seal(content, aad []byte) ([]byte, error) {
	sealed, err := s.vault.Seal(content, aad)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(sealed.KID)+1+len(sealed.IV)+len(sealed.CT))
	out = append(append(out, sealed.KID...), 0)
	return append(append(out, sealed.IV...), sealed.CT...), nil
}

// Open decrypts what Seal gave.
func (s sealer) Open(sealed, aad []byte) ([]byte, error) {
	kid, rest, found := bytes.Cut(sealed, []byte{0})
	if !found || len(rest) < ivBytes {
		return nil, errors.New("sealed bytes are cut off")
	}
	return s.vault.Open(envelope.Sealed{KID: string(kid), IV: rest[:ivBytes], CT: rest[ivBytes:]}, aad)
}
