package suihaoban

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// PushConfig is how TIF passes changes on to us (G3).
type PushConfig struct {
	// Prefix is the prefix of the signature headers, "x-tif" or "x-rio". Default x-tif.
	Prefix string `yaml:"prefix"`
	// PaasID is the name under which TIF knows us.
	PaasID string `yaml:"paasId"`
	// Token is a reference to the secret that belongs to it, such as file:keys/suihaoban.token.
	Token string `yaml:"token"`
}

func (c PushConfig) filled() PushConfig {
	c.Prefix = cmp.Or(c.Prefix, PrefixTIF)
	return c
}

// Validate tells of every setting that cannot be used, by its key.
func (c PushConfig) Validate() error {
	c = c.filled()
	return errors.Join(
		require(c.Prefix == PrefixTIF || c.Prefix == PrefixRIO, "prefix", "want x-tif or x-rio"),
		require(c.PaasID != "", "paasId", "missing"), require(c.Token != "", "token", "missing"),
	)
}

// OpenInbound builds the reader of what this platform pushes; it is an [outbound.InboundFactory] and needs deps.Nonces. An error
// names the setting that is wrong.
func OpenInbound(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps) (outbound.Inbound, error) {
	var config PushConfig
	if err := decode(&config); err != nil {
		return nil, err
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	if deps.Nonces == nil {
		return nil, errors.New("pushes need a store of nonces")
	}
	config = config.filled()
	token, err := deps.Secrets(config.Token)
	if err != nil {
		return nil, fmt.Errorf("token: %w", err)
	}
	verifier := Verifier{Prefix: config.Prefix, PaasID: config.PaasID, Token: token, Nonces: outbound.PartyNonces{Nonces: deps.Nonces, Party: id}}
	return Inbound{Verifier: verifier, Reporter: id, Region: region}, nil
}
