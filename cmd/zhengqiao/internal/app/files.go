package app

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// keyFiles loads keys like [keys.Files] and says what mends a file that others than its owner may read.
type keyFiles struct{ keys.Files }

func files(c *config.Config) keyFiles { return keyFiles{keys.Files{Root: c.Folder()}} }

func (f keyFiles) PrivateKey(reference string) (*smcrypto.PrivateKey, error) {
	key, err := f.Files.PrivateKey(reference)
	return key, f.hint(reference, err)
}

func (f keyFiles) Secret(reference string) ([]byte, error) {
	secret, err := f.Files.Secret(reference)
	return secret, f.hint(reference, err)
}

// Text loads a secret that is a text; it is an adapter's [outbound.Deps] Secrets.
func (f keyFiles) Text(reference string) (string, error) {
	text, err := f.Files.Text(reference)
	return text, f.hint(reference, err)
}

func (f keyFiles) hint(reference string, err error) error {
	if !errors.Is(err, keys.ErrExposed) {
		return err
	}
	path := strings.TrimPrefix(reference, "file:")
	if !filepath.IsAbs(path) {
		path = filepath.Join(f.Root, path)
	}
	return fmt.Errorf("%w; chmod 600 %s", err, path)
}

// othersMask are the mode bits that the file of a private key may not have.
const othersMask = 0o077

// openTLS loads the listener's certificate; its key is held to the same rule as the other private keys. nil is plain HTTP.
func openTLS(c *config.Config) (*tls.Config, error) {
	if c.TLS.Key != "" {
		info, err := os.Stat(c.TLS.Key)
		if err != nil {
			return nil, c.At("$.tls.key", err)
		}
		if info.Mode().Perm()&othersMask != 0 {
			return nil, c.At("$.tls.key", fmt.Errorf("%w: it has %04o; chmod 600 %s", keys.ErrExposed, info.Mode().Perm(), c.TLS.Key))
		}
	}
	loaded, err := gateway.TLSFiles(c.TLS).Load()
	return loaded, c.At("$.tls", err)
}
