package zheliban

import (
	"fmt"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is the name of this dialect in a configuration.
const Kind = "zheliban"

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
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	licences, err := config.filled().channel(client, deps.Filled())
	if err != nil {
		return nil, err
	}
	return &exchange.Source{ID: id, Kind: Kind, Region: region, Licences: licences, Close: client.Close}, nil
}

func (c Config) channel(client *outbound.Client, deps outbound.Deps) (exchange.LicenceSource, error) {
	if c.Channel == ChannelSharing {
		return openSharing(c, client, deps)
	}
	return openIRS(c, client, deps)
}

func secret(deps outbound.Deps, key, reference string) (string, error) {
	value, err := deps.Secrets(reference)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return value, nil
}

// answerIsNot is the failure of an answer that doesn't have the platform's shape. What is wrong in it is not repeated: a JSON
// library's error may show a piece of the text.
func answerIsNot(shape string) error {
	return exchange.Errorf(exchange.SourceInvalid, "the answer is not %s", shape)
}

// JSON is the one media type that both channels answer.
var jsonOnly = []string{"application/json"}
