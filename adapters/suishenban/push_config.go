package suishenban

import (
	"errors"
	"fmt"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// PushConfig is whose pushed messages are taken (S4).
type PushConfig struct {
	// Keys are the platform's public signing keys; two may be valid at once.
	Keys []PushKey `yaml:"keys"`
}

// PushKey is one of them.
type PushKey struct {
	// ID is the message's kid.
	ID string `yaml:"id"`
	// Public is a reference to the public key, such as file:keys/suishenban-push.pub.pem.
	Public string `yaml:"public"`
}

// Validate tells of every setting that cannot be used, by its key.
func (c PushConfig) Validate() error {
	err := require(len(c.Keys) > 0, "keys", "at least one is required")
	ids := map[string]bool{}
	for i, key := range c.Keys {
		at := fmt.Sprintf("keys[%d]", i)
		err = errors.Join(err, require(key.ID != "" && !ids[key.ID], at, "want an id of its own"), require(key.Public != "", at, "public is missing"))
		ids[key.ID] = true
	}
	return err
}

// OpenInbound builds the reader of what this platform pushes; it is an [outbound.InboundFactory] and needs deps.Nonces and
// deps.PublicKey. An error names the setting that is wrong.
func OpenInbound(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps) (outbound.Inbound, error) {
	var config PushConfig
	if err := decode(&config); err != nil {
		return nil, err
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	if deps.Nonces == nil || deps.PublicKey == nil {
		return nil, errors.New("pushes need a store of nonces and a reader of public keys")
	}
	keys := map[string]*smcrypto.PublicKey{}
	for i, configured := range config.Keys {
		key, err := deps.PublicKey(configured.Public)
		if err != nil {
			return nil, fmt.Errorf("keys[%d]: %w", i, err)
		}
		keys[configured.ID] = key
	}
	known := func(keyID string) (*smcrypto.PublicKey, bool) {
		key, ok := keys[keyID]
		return key, ok
	}
	return Inbound{Keys: known, Nonces: outbound.PartyNonces{Nonces: deps.Nonces, Party: id}, Reporter: id, Region: region}, nil
}
