package keys

import (
	"errors"
	"fmt"
	"os"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// WritePair writes a private key to privatePath (mode 0600) and its public half to
// publicPath (mode 0644). Existing files are never overwritten: a lost private
// key cannot be made again. The files are synced before it returns.
func WritePair(key *smcrypto.PrivateKey, privatePath, publicPath string) error {
	private, err := key.MarshalPEM()
	if err != nil {
		return err
	}
	defer clear(private)
	public, err := key.Public().MarshalPEM()
	if err != nil {
		return err
	}
	if err := writeNew(privatePath, private, 0o600); err != nil {
		return err
	}
	return writeNew(publicPath, public, 0o644)
}

// WriteSecret writes a symmetric key in hex to a new file of mode 0600.
func WriteSecret(secret []byte, path string) error {
	if len(secret) != smcrypto.SM4KeySize {
		return smcrypto.ErrKeySize
	}
	return writeNew(path, fmt.Appendf(nil, "%x\n", secret), 0o600)
}

func writeNew(path string, content []byte, mode os.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	return nil
}
