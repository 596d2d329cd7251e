package smcrypto

import (
	"crypto/rand"
	"testing"
)

func BenchmarkSign(b *testing.B) {
	key, message := standardKey(b), make([]byte, 300)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := key.Sign(rand.Reader, message); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	key, message := standardKey(b), make([]byte, 300)
	signature, err := key.Sign(rand.Reader, message)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !key.Public().Verify(message, signature) {
			b.Fatal("refused")
		}
	}
}

func BenchmarkSM3(b *testing.B) {
	data := make([]byte, 1024)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		SM3(data)
	}
}

func BenchmarkHMACSM3(b *testing.B) {
	key, message := make([]byte, 32), make([]byte, 40)
	b.ReportAllocs()
	for b.Loop() {
		HMACSM3(key, message[:22], message[22:])
	}
}

func BenchmarkSM4GCM(b *testing.B) {
	data, nonce := make([]byte, 1024), make([]byte, GCMNonceSize)
	aead, err := NewSM4GCM(make([]byte, SM4KeySize))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		aead.Seal(nil, nonce, data, nil)
	}
}
