package smcrypto

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPEMRoundTrip(t *testing.T) {
	t.Parallel()
	key := standardKey(t)
	private, err1 := key.MarshalPEM()
	public, err2 := key.Public().MarshalPEM()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if again, err := ParsePrivateKeyPEM(private); err != nil || !again.Public().Equal(key.Public()) {
		t.Errorf("private: %v", err)
	}
	if again, err := ParsePublicKeyPEM(public); err != nil || !again.Equal(key.Public()) {
		t.Errorf("public: %v", err)
	}
}

// p256PEM is a well-formed key on another curve.
func p256PEM(t testing.TB) (private, public string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err1 := x509.MarshalPKCS8PrivateKey(key)
	spki, err2 := x509.MarshalPKIXPublicKey(key.Public())
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	block := func(label string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
	}
	return block(pemPrivateKey, pkcs8), block(pemPublicKey, spki)
}

func TestPEMRefuses(t *testing.T) {
	t.Parallel()
	private, err1 := standardKey(t).MarshalPEM()
	public, err2 := standardKey(t).Public().MarshalPEM()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	otherPrivate, otherPublic := p256PEM(t)
	cut := func(text []byte) string { return strings.Replace(string(text), "\n", "\nAAAA", 1) }
	for name, text := range map[string]string{
		"empty": "", "no PEM": "key", "two blocks": string(private) + string(private), "text behind": string(private) + "x",
		"public for private": string(public), "damaged": cut(private), "another curve": otherPrivate,
	} {
		if _, err := ParsePrivateKeyPEM([]byte(text)); !errors.Is(err, ErrKeyFormat) {
			t.Errorf("private, %s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"private for public": string(private), "damaged": cut(public), "another curve": otherPublic,
		"two blocks": string(public) + string(public),
	} {
		if _, err := ParsePublicKeyPEM([]byte(text)); !errors.Is(err, ErrKeyFormat) {
			t.Errorf("public, %s: %v", name, err)
		}
	}
}

func TestKeysRefuseWrongNumbers(t *testing.T) {
	t.Parallel()
	order := unhex(t, "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123")
	for name, d := range map[string][]byte{"nil": nil, "zero": make([]byte, 32), "order": order, "short": {1}} {
		if _, err := NewPrivateKey(d); !errors.Is(err, ErrKeyFormat) {
			t.Errorf("d %s: %v", name, err)
		}
	}
	v := loadVectors(t).Key
	for name, point := range map[string]string{
		"empty": "", "infinity": "00", "compressed": "02" + v.X, "off the curve": "04" + v.X + v.X, "long": "04" + v.X + v.Y + "00",
	} {
		if _, err := NewPublicKey(unhex(t, point)); !errors.Is(err, ErrKeyFormat) {
			t.Errorf("point %s: %v", name, err)
		}
	}
	if _, err := NewSM4GCM(make([]byte, 32)); !errors.Is(err, ErrKeySize) {
		t.Errorf("32-byte SM4 key: %v", err)
	}
}

// No print verb shows a private key.
func TestPrivateKeyHidden(t *testing.T) {
	t.Parallel()
	key := standardKey(t)
	secret := loadVectors(t).Key.D[:16]
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if text := fmt.Sprintf(verb, key); strings.Contains(strings.ToLower(text), secret) || len(text) > 60 {
			t.Errorf("%s prints %s", verb, text)
		}
	}
}

// A key made by openssl is ours, and what either signs, the other accepts.
func TestOpenSSLInterop(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	folder := t.TempDir()
	run := func(arguments ...string) {
		t.Helper()
		command := exec.Command(openssl, arguments...)
		command.Dir = folder
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", arguments, err, out)
		}
	}
	file := func(name string) []byte {
		t.Helper()
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	save := func(name string, content []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("message", []byte("message digest"))
	run("genpkey", "-algorithm", "SM2", "-out", "key.pem")
	run("pkey", "-in", "key.pem", "-pubout", "-out", "pub.pem")
	run("pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:"+UserID, "-in", "message", "-out", "theirs")

	key, err := ParsePrivateKeyPEM(file("key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	public, err := ParsePublicKeyPEM(file("pub.pem"))
	if err != nil || !public.Verify(file("message"), file("theirs")) {
		t.Errorf("openssl's signature refused: %v", err)
	}

	ours, err := key.Sign(rand.Reader, file("message"))
	if err != nil {
		t.Fatal(err)
	}
	save("ours", ours)
	run("pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:"+UserID, "-in", "message", "-sigfile", "ours")

	own, err := standardKey(t).MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	save("own.pem", own)
	run("pkeyutl", "-encrypt", "-inkey", "own.pem", "-in", "message", "-out", "sealed")
	if content, err := standardKey(t).Decrypt(file("sealed")); err != nil || string(content) != "message digest" {
		t.Errorf("openssl's ciphertext: %q, %v", content, err)
	}
}

func FuzzParseKeys(f *testing.F) {
	private, err1 := standardKey(f).MarshalPEM()
	public, err2 := standardKey(f).Public().MarshalPEM()
	if err1 != nil || err2 != nil {
		f.Fatal(err1, err2)
	}
	otherPrivate, otherPublic := p256PEM(f)
	for _, seed := range []string{string(private), string(public), otherPrivate, otherPublic} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if key, err := ParsePrivateKeyPEM(text); err == nil {
			if _, err := key.MarshalPEM(); err != nil {
				t.Error(err)
			}
		}
		if key, err := ParsePublicKeyPEM(text); err == nil && key.Verify(nil, nil) {
			t.Error("verifies nothing")
		}
	})
}

func FuzzDecrypt(f *testing.F) {
	for _, v := range loadVectors(f).Sealed {
		f.Add(unhex(f, v.Ciphertext))
	}
	key := standardKey(f)
	f.Fuzz(func(t *testing.T, ciphertext []byte) {
		for _, open := range []func([]byte) ([]byte, error){key.Decrypt, key.DecryptRaw} {
			if _, err := open(ciphertext); err != nil && !errors.Is(err, ErrDecrypt) {
				t.Error(err)
			}
		}
	})
}

func FuzzVerify(f *testing.F) {
	key := standardKey(f).Public()
	f.Add([]byte("message digest"), []byte{0x30, 6, 2, 1, 1, 2, 1, 1})
	f.Add([]byte{}, []byte{0x30, 0x80})
	f.Fuzz(func(t *testing.T, message, signature []byte) {
		if key.Verify(message, signature) {
			t.Errorf("forged: %x over %x", signature, message)
		}
	})
}
