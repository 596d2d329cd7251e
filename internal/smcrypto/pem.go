package smcrypto

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/pem"
	"fmt"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

// The two PEM labels in use (RFC 7468 sections 10 and 13).
const (
	pemPrivateKey = "PRIVATE KEY"
	pemPublicKey  = "PUBLIC KEY"
)

// ParsePrivateKeyPEM reads an unencrypted PKCS#8 SM2 key (RFC 5958) as written
// by `openssl genpkey -algorithm SM2` or by [PrivateKey.MarshalPEM]. Anything
// else, a second PEM block included, is [ErrKeyFormat].
func ParsePrivateKeyPEM(text []byte) (*PrivateKey, error) {
	der, err := singleBlock(text, pemPrivateKey)
	if err != nil {
		return nil, err
	}
	parsed, err := guard(ErrKeyFormat, func() (any, error) { return smx509.ParsePKCS8PrivateKey(der) })
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*sm2.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%w: a key of another algorithm", ErrKeyFormat)
	}
	return wrapPrivateKey(key)
}

// ParsePublicKeyPEM reads an SM2 SubjectPublicKeyInfo (RFC 5480 shape, GM/T 0009
// clause 7.1) as written by `openssl pkey -pubout` or by [PublicKey.MarshalPEM].
func ParsePublicKeyPEM(text []byte) (*PublicKey, error) {
	der, err := singleBlock(text, pemPublicKey)
	if err != nil {
		return nil, err
	}
	parsed, err := guard(ErrKeyFormat, func() (any, error) { return smx509.ParsePKIXPublicKey(der) })
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	if !ok || !sm2.IsSM2PublicKey(key) {
		return nil, fmt.Errorf("%w: a key of another algorithm", ErrKeyFormat)
	}
	return wrapPublicKey(key)
}

// MarshalPEM returns the key as one unencrypted PKCS#8 PEM block. The caller
// keeps it in a file that only its owner can read.
func (k *PrivateKey) MarshalPEM() ([]byte, error) {
	der, err := smx509.MarshalPKCS8PrivateKey(k.key)
	if err != nil {
		return nil, fmt.Errorf("smcrypto: encode private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemPrivateKey, Bytes: der}), nil
}

// MarshalPEM returns the key as one SubjectPublicKeyInfo PEM block.
func (k *PublicKey) MarshalPEM() ([]byte, error) {
	der, err := smx509.MarshalPKIXPublicKey(k.key)
	if err != nil {
		return nil, fmt.Errorf("smcrypto: encode public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemPublicKey, Bytes: der}), nil
}

// singleBlock takes the DER out of a text that holds exactly one PEM block of
// the given label: with two blocks it would depend on the reader which one counts.
func singleBlock(text []byte, label string) ([]byte, error) {
	block, rest := pem.Decode(text)
	switch {
	case block == nil:
		return nil, fmt.Errorf("%w: no PEM block", ErrKeyFormat)
	case block.Type != label:
		return nil, fmt.Errorf("%w: PEM label is not %q", ErrKeyFormat, label)
	case len(bytes.TrimSpace(rest)) != 0:
		return nil, fmt.Errorf("%w: text after the PEM block", ErrKeyFormat)
	}
	return block.Bytes, nil
}
