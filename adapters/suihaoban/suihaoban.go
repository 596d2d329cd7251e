package suihaoban

import (
	"fmt"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is the name of this dialect in a configuration.
const Kind = "suihaoban"

// Open builds a source of this kind; it is an [outbound.Factory]. The source answers licences and nothing else. An error names
// the setting that is wrong.
func Open(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps) (*exchange.Source, error) {
	var config Config
	if err := decode(&config); err != nil {
		return nil, err
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	config, deps = config.filled(), deps.Filled()
	token, err := deps.Secrets(config.Token)
	if err != nil {
		return nil, fmt.Errorf("token: %w", err)
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	signer := signer{config.Prefix, config.PaasID, token, deps.Clock, deps.Random}
	licences := &api{client, config.URL, config.CityCode, signer, config.AssumedAge, config.Failures}
	return &exchange.Source{ID: id, Kind: Kind, Region: region, Licences: licences, Close: client.Close}, nil
}
