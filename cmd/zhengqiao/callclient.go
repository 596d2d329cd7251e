package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// client opens the platform's key and the gateway's. The environment counts as it does for the gateway itself.
func (o callOptions) client() (*client.Client, error) {
	settings, err := config.Load(o.config, os.Environ())
	if err != nil {
		return nil, err
	}
	keyID, err := currentKeyID(settings, o.as)
	if err != nil {
		return nil, err
	}
	files := keys.Files{Root: settings.Folder()}
	key, err := files.PrivateKey("file:" + orDefault(o.key, filepath.Join("keys", o.as+".key.pem")))
	if err != nil {
		return nil, err
	}
	public, err := files.PublicKey("file:" + orDefault(o.gatewayKey, filepath.Join("keys", "gateway.pub.pem")))
	if err != nil {
		return nil, err
	}
	ring, err := keys.NewRing(keys.Record{ID: settings.Gateway.KeyID, Party: client.GatewayParty, Algorithm: keys.AlgorithmSign, Key: public})
	if err != nil {
		return nil, err
	}
	transport, err := o.transport()
	if err != nil {
		return nil, err
	}
	wanted := client.Config{
		BaseURL: orDefault(o.url, settings.URL()), KeyID: keyID, Key: key, Gateway: ring, HTTP: transport,
		Now: time.Now, Random: rand.Reader, Language: o.language,
	}
	if o.encrypt {
		wanted.EncryptFor = settings.Gateway.KeyID
	}
	return client.New(wanted)
}

func orDefault(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// currentKeyID gives the platform's last listed key that is valid now.
func currentKeyID(settings *config.Config, platform string) (string, error) {
	id := ""
	for _, party := range settings.Platforms {
		for _, key := range party.Keys {
			now := time.Now()
			if party.ID == platform && !now.Before(key.NotBefore) && (key.NotAfter.IsZero() || now.Before(key.NotAfter)) {
				id = key.ID
			}
		}
	}
	if id == "" {
		return "", fmt.Errorf("the configuration has no platform %q with a key that is valid now", platform)
	}
	return id, nil
}
