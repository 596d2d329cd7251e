package population

import (
	"bytes"
	"crypto/aes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"
)

// maxSkew is how far gjgxjhpt_rtime may be off (register of assumptions, N2).
const maxSkew = 5 * time.Minute

// identity is the four values that every call carries.
type identity struct {
	Requester string `json:"gjgxjhpt_rid"`
	Service   string `json:"gjgxjhpt_sid"`
	Time      string `json:"gjgxjhpt_rtime"` // milliseconds
	Signature string `json:"gjgxjhpt_sign"`
}

// sign gives gjgxjhpt_sign: Base64(HMAC-SHA256(key, sid + rid + rtime)). The key is the appkey for the refresh and the
// unwrapped secret for data.
func sign(key, service, requester, rtime string) string {
	digest := hmac.New(sha256.New, []byte(key))
	digest.Write([]byte(service + requester + rtime))
	return base64.StdEncoding.EncodeToString(digest.Sum(nil))
}

func (i identity) signedWith(key string) bool {
	return hmac.Equal([]byte(i.Signature), []byte(sign(key, i.Service, i.Requester, i.Time)))
}

// onTime tells whether the time of the call is near the platform's.
func (i identity) onTime(now time.Time) bool {
	milliseconds, err := strconv.ParseInt(i.Time, 10, 64)
	if err != nil {
		return false
	}
	return now.Sub(time.UnixMilli(milliseconds)).Abs() <= maxSkew
}

// wrappingKey is what Java's SHA1PRNG makes of an appkey: the first 16 bytes of SHA-1(SHA-1(appkey)).
func wrappingKey(appKey string) []byte {
	once := sha1.Sum([]byte(appKey))
	twice := sha1.Sum(once[:])
	return twice[:16]
}

// wrap encrypts a secret for the owner of the appkey: AES-128-ECB with PKCS#5 padding, Base64. The mode is the platform's
// choice, not one to copy.
func wrap(appKey, secret string) (string, error) {
	block, err := aes.NewCipher(wrappingKey(appKey))
	if err != nil {
		return "", err
	}
	padding := aes.BlockSize - len(secret)%aes.BlockSize
	text := append([]byte(secret), bytes.Repeat([]byte{byte(padding)}, padding)...)
	for start := 0; start < len(text); start += aes.BlockSize {
		block.Encrypt(text[start:start+aes.BlockSize], text[start:start+aes.BlockSize])
	}
	return base64.StdEncoding.EncodeToString(text), nil
}
