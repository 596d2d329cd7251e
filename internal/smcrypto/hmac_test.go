package smcrypto

import (
	"bytes"
	"crypto/hmac"
	"testing"
)

// HMACSM3 gives what crypto/hmac gives, for keys and messages of any length and however the message is cut.
func FuzzHMACSM3(f *testing.F) {
	for _, length := range []int{0, 1, 31, 32, 63, 64, 65, 200} {
		f.Add(bytes.Repeat([]byte{0x5c}, length), []byte("zhengqiao pseudonym v1"), uint(length))
	}
	f.Fuzz(func(t *testing.T, key, message []byte, cut uint) {
		reference := hmac.New(NewSM3, key)
		reference.Write(message)
		at := cut % uint(len(message)+1)
		if mac := HMACSM3(key, message[:at], message[at:]); !bytes.Equal(mac[:], reference.Sum(nil)) {
			t.Errorf("key of %d bytes, message of %d cut at %d: %x", len(key), len(message), at, mac)
		}
	})
}
