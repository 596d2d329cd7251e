package population

import (
	"bytes"
	"crypto/aes"
	"crypto/sha1"
	"encoding/base64"
	"errors"
)

// errWrapped does not say what is wrong with a wrapped secret: it may be written to a log.
var errWrapped = errors.New("the secret is not wrapped with our appkey")

// unwrap decrypts a secret that was handed out: Base64 of AES-128-ECB with PKCS #5 padding. The mode is the platform's choice;
// it is written out by blocks because Go has no ECB, for good reasons.
func unwrap(appKey, wrapped string) (string, error) {
	text, err := base64.StdEncoding.DecodeString(wrapped)
	if err != nil || len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return "", errWrapped
	}
	block, err := aes.NewCipher(wrappingKey(appKey))
	if err != nil {
		return "", errWrapped
	}
	for rest := text; len(rest) > 0; rest = rest[aes.BlockSize:] {
		block.Decrypt(rest[:aes.BlockSize], rest[:aes.BlockSize])
	}
	return unpad(text)
}

// unpad takes off n bytes of the value n (PKCS #7, of which #5 is the case of smaller blocks).
func unpad(text []byte) (string, error) {
	padding := int(text[len(text)-1])
	if padding == 0 || padding > aes.BlockSize || padding == len(text) {
		return "", errWrapped
	}
	end := len(text) - padding
	if !bytes.Equal(text[end:], bytes.Repeat([]byte{byte(padding)}, padding)) {
		return "", errWrapped
	}
	return string(text[:end]), nil
}

// wrappingKey is what Java's SHA1PRNG gives when it is seeded with the appkey: the first 16 bytes of SHA-1(SHA-1(appkey)).
func wrappingKey(appKey string) []byte {
	once := sha1.Sum([]byte(appKey))
	twice := sha1.Sum(once[:])
	return twice[:16]
}
