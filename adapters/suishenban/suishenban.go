package suishenban

import (
	"fmt"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is the name of this dialect in a configuration.
const Kind = "suishenban"

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
	deps = deps.Filled()
	password, err := deps.Secrets(config.Password)
	if err != nil {
		return nil, fmt.Errorf("password: %w", err)
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	licences := newLibrary(config.filled(), password, client, deps.Clock)
	stop := func() error {
		licences.kept.Close() // a login under way must not outlive the source
		return client.Close()
	}
	return &exchange.Source{ID: id, Kind: Kind, Region: region, Licences: licences, Close: stop}, nil
}
