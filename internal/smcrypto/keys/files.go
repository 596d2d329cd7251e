package keys

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// Errors of loading. They name the file, never its content.
var (
	// ErrReference: not a reference of a known kind.
	ErrReference = errors.New("keys: a key reference has the form file:PATH")
	// ErrExposed: a secret that others than its owner could read or change.
	ErrExposed = errors.New("keys: secret file is accessible to group or others, want mode 0600 or stricter")
	// ErrSecretFormat: not a symmetric key of 16 bytes in hex or base64.
	ErrSecretFormat = errors.New("keys: want 16 bytes as 32 hex digits or 24 base64 characters")
)

const (
	filePrefix = "file:"
	// maxKeyFile bounds what is read: a PEM key has some 250 bytes.
	maxKeyFile = 64 << 10
	// othersMask are the mode bits that a secret file may not have.
	othersMask = 0o077
)

// Files provides keys from files, by references of the form file:PATH. The zero
// value resolves relative paths against the working directory.
type Files struct {
	// Root is the folder that relative paths start from, such as the folder of
	// the configuration file.
	Root string
}

// PrivateKey loads an SM2 private key (PKCS#8 PEM) from a file that only its
// owner may access, else [ErrExposed]. Other errors: [ErrReference],
// [smcrypto.ErrKeyFormat] or those of the file system.
func (f Files) PrivateKey(reference string) (*smcrypto.PrivateKey, error) {
	text, err := f.read(reference, true)
	if err != nil {
		return nil, err
	}
	defer clear(text)
	key, err := smcrypto.ParsePrivateKeyPEM(text)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", reference, err)
	}
	return key, nil
}

// PublicKey loads an SM2 public key (SubjectPublicKeyInfo PEM).
func (f Files) PublicKey(reference string) (*smcrypto.PublicKey, error) {
	text, err := f.read(reference, false)
	if err != nil {
		return nil, err
	}
	key, err := smcrypto.ParsePublicKeyPEM(text)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", reference, err)
	}
	return key, nil
}

// Secret loads a symmetric key of 16 bytes, written in hex or base64, surrounding
// white space allowed. The file is held to the same rule as a private key.
func (f Files) Secret(reference string) ([]byte, error) {
	text, err := f.read(reference, true)
	if err != nil {
		return nil, err
	}
	defer clear(text)
	secret, err := decodeSecret(string(bytes.TrimSpace(text)))
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", reference, err)
	}
	return secret, nil
}

// decodeSecret tells the two forms apart by length alone: 32 hex digits are also
// valid base64, but of 24 bytes.
func decodeSecret(text string) ([]byte, error) {
	decode := base64.StdEncoding.Strict().DecodeString
	if len(text) == hex.EncodedLen(smcrypto.SM4KeySize) {
		decode = hex.DecodeString
	}
	secret, err := decode(text)
	if err != nil || len(secret) != smcrypto.SM4KeySize {
		return nil, ErrSecretFormat
	}
	return secret, nil
}

// read opens first and asks for the mode of what was opened: between a look at
// the path and the opening, the file could have been exchanged.
func (f Files) read(reference string, secret bool) ([]byte, error) {
	path, err := f.path(reference)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("load key: %w", err)
	}
	defer file.Close()
	if err := checkFile(file, secret); err != nil {
		return nil, fmt.Errorf("load %s: %w", reference, err)
	}
	return io.ReadAll(io.LimitReader(file, maxKeyFile))
}

func (f Files) path(reference string) (string, error) {
	path, ok := strings.CutPrefix(reference, filePrefix)
	if !ok || path == "" {
		return "", fmt.Errorf("%w, not %q", ErrReference, scheme(reference))
	}
	if filepath.IsAbs(path) {
		return path, nil
	}
	return filepath.Join(f.Root, path), nil
}

// scheme is the part of a wrong reference that may be shown: someone may have
// written the key itself where the reference belongs.
func scheme(reference string) string {
	before, _, found := strings.Cut(reference, ":")
	if !found || len(before) > 8 {
		return "…"
	}
	return before + ":…"
}

func checkFile(file *os.File, secret bool) error {
	info, err := file.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: not a regular file", ErrReference)
	case secret && info.Mode().Perm()&othersMask != 0:
		return fmt.Errorf("%w: it has %04o", ErrExposed, info.Mode().Perm())
	}
	return nil
}
