package main

import (
	"crypto/rand"
	"path/filepath"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// Where keys are looked for, beside the configuration.
const publicFile = "keys/gateway.pub.pem"

func keyFile(id string) string { return filepath.Join("keys", id+".key.pem") }

// identity loads the two keys that a call needs: the caller's own, by which it signs under keyID, and the gateway's, by which answers are
// proved. Address, language and transport are the caller's to add.
func identity(settings *config.Config, keyID, own, gateway string) (client.Config, error) {
	files := keys.Files{Root: settings.Folder()}
	key, err := files.PrivateKey("file:" + own)
	if err != nil {
		return client.Config{}, err
	}
	public, err := files.PublicKey("file:" + gateway)
	if err != nil {
		return client.Config{}, err
	}
	ring, err := keys.NewRing(keys.Record{ID: settings.Gateway.KeyID, Party: client.GatewayParty, Algorithm: keys.AlgorithmSign, Key: public})
	return client.Config{KeyID: keyID, Key: key, Gateway: ring, Now: time.Now, Random: rand.Reader}, err
}
