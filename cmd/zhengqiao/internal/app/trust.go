package app

import (
	"crypto/rand"
	"errors"
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

// openTrust loads every key that the configuration refers to. Its error tells of every key that can't be loaded.
func openTrust(c *config.Config) (*trust, error) {
	t := &trust{platforms: platforms{}, own: map[string]*smcrypto.PrivateKey{}, keyID: c.Gateway.KeyID}
	records, err := t.openPlatforms(c)
	if err = errors.Join(err, t.openOwn(c)); err != nil {
		return nil, err
	}
	t.callers, err = keys.NewRing(records...)
	return t, err
}

func (t *trust) openPlatforms(c *config.Config) (records []keys.Record, err error) {
	for i, party := range c.Platforms {
		t.platforms[party.ID] = gateway.Platform{
			ID: party.ID, Region: exchange.Region(party.Region), Envelope: gateway.EnvelopeMode(party.Encryption), Relays: party.Relays,
		}
		for k, key := range party.Keys {
			public, failure := files(c).PublicKey(key.Public)
			err = errors.Join(err, c.At(fmt.Sprintf("$.platforms[%d].keys[%d].public", i, k), failure))
			records = append(records, keys.Record{
				ID: key.ID, Party: party.ID, Algorithm: keys.AlgorithmSign, Key: public, NotBefore: key.NotBefore, NotAfter: key.NotAfter,
			})
		}
	}
	return records, err
}

func (t *trust) openOwn(c *config.Config) error {
	private, err := files(c).PrivateKey(c.Gateway.Key)
	t.own[c.Gateway.KeyID], err = private, c.At("$.gateway.key", err)
	for i, retired := range c.Gateway.Retired {
		private, failure := files(c).PrivateKey(retired.Key)
		t.own[retired.KeyID] = private
		err = errors.Join(err, c.At(fmt.Sprintf("$.gateway.retired[%d].key", i), failure))
	}
	return err
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
