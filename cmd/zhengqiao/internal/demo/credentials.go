package demo

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// credentials are what gateway and stand-ins know of each other, made anew for each folder; by file name below keys/.
type credentials map[string]string

// secretNames are the files that hold one secret text each.
func secretNames() []string {
	return []string{"tmri.serial", "suishenban.password", "zheliban.secret", "zheliban.appsecret", "suihaoban.token", "wechat.secret", "population.appkey", "population.password"}
}

// openCredentials reads the folder's secrets and makes those that are missing.
func openCredentials(folder string) (credentials, error) {
	all := credentials{}
	for _, name := range secretNames() {
		secret, err := textSecret(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		all[name] = secret
	}
	public, err := os.ReadFile(filepath.Join(folder, webhookKey))
	all[webhookKey] = string(public)
	return all, err
}

func textSecret(path string) (string, error) {
	if text, err := (keys.Files{}).Text("file:" + path); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return text, err
	}
	secret := make([]byte, 16)
	if _, err := rand.Read(secret); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	text := hex.EncodeToString(secret)
	return text, os.WriteFile(path, []byte(text+"\n"), 0o600)
}

// makeKeys makes the key pairs and sealing keys that are missing.
func makeKeys(folder string) error {
	for _, name := range append([]string{"gateway", "suishenban-push", "webhook", operatorID}, platformIDs()...) {
		if err := keyPair(filepath.Join(folder, name+".key.pem"), filepath.Join(folder, name+".pub.pem")); err != nil {
			return err
		}
	}
	for _, name := range []string{"seal.key", "pepper.key"} {
		if _, err := textSecret(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}

func keyPair(private, public string) error {
	if _, err := os.Stat(private); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	return keys.WritePair(key, private, public)
}
