package app

import (
	"crypto/rand"
	"fmt"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// trust is everything that keys are needed for: who may call, what the gateway signs with, how payloads are opened.
type trust struct {
	callers   *keys.Ring
	platforms platforms
	own       map[string]*smcrypto.PrivateKey // by key id, the retired ones included
	keyID     string
}

// openTrust loads every key that the configuration refers to.
func openTrust(c *config.Config) (*trust, error) {
	files := keys.Files{Root: c.Folder()}
	t := &trust{platforms: platforms{}, own: map[string]*smcrypto.PrivateKey{}, keyID: c.Gateway.KeyID}
	var records []keys.Record
	for _, party := range c.Platforms {
		t.platforms[party.ID] = gateway.Platform{
			ID: party.ID, Region: exchange.Region(party.Region), Envelope: gateway.EnvelopeMode(party.Encryption),
		}
		for _, key := range party.Keys {
			public, err := files.PublicKey(key.Public)
			if err != nil {
				return nil, fmt.Errorf("key %s of platform %s: %w", key.ID, party.ID, err)
			}
			records = append(records, keys.Record{
				ID: key.ID, Party: party.ID, Algorithm: keys.AlgorithmSign, Key: public, NotBefore: key.NotBefore, NotAfter: key.NotAfter,
			})
		}
	}
	var err error
	if t.callers, err = keys.NewRing(records...); err != nil {
		return nil, err
	}
	return t, t.openOwn(files, c.Gateway)
}

func (t *trust) openOwn(files keys.Files, c config.Gateway) error {
	for _, own := range append([]config.RetiredKey{{KeyID: c.KeyID, Key: c.Key}}, c.Retired...) {
		private, err := files.PrivateKey(own.Key)
		if err != nil {
			return fmt.Errorf("gateway key %s: %w", own.KeyID, err)
		}
		t.own[own.KeyID] = private
	}
	return nil
}

// envelopes opens payloads with any of the gateway's keys and encrypts answers for the key that signed the request, which the
// caller certainly has.
func (t *trust) envelopes() gateway.Envelopes {
	return gateway.Envelopes{
		Own: func(kid string) (envelope.Unwrapper, bool) {
			key, ok := t.own[kid]
			return key, ok
		},
		Recipient: func(platform, keyID string) (string, *smcrypto.PublicKey, bool) {
			record, ok := t.callers.Key(keyID)
			return keyID, record.Key, ok && record.Party == platform
		},
		Random: rand.Reader,
	}
}

// platforms knows the registered callers by id.
type platforms map[string]gateway.Platform

func (p platforms) Platform(id string) (gateway.Platform, bool) {
	platform, ok := p[id]
	return platform, ok
}
