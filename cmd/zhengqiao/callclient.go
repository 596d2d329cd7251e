package main

import (
	"fmt"
	"os"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// client opens the platform's key and the gateway's. The environment counts as it does for the gateway itself.
func (o callOptions) client() (*client.Client, error) {
	settings, err := config.Load(o.config, os.Environ())
	if err != nil {
		return nil, err
	}
	keyID := ""
	for _, party := range settings.Platforms {
		if party.ID == o.as {
			keyID = config.CurrentKey(party.Keys, time.Now())
		}
	}
	if keyID == "" {
		return nil, fmt.Errorf("the configuration has no platform %q with a key that is valid now", o.as)
	}
	wanted, err := identity(settings, keyID, orDefault(o.key, keyFile(o.as)), orDefault(o.gatewayKey, publicFile))
	if err != nil {
		return nil, err
	}
	if wanted.HTTP, err = o.transport(); err != nil {
		return nil, err
	}
	wanted.BaseURL, wanted.Language = orDefault(o.url, settings.URL()), o.language
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
