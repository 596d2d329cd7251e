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
	config, deps = config.filled(), deps.Filled()
	secret, err := config.secret(deps)
	if err != nil {
		return nil, err
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	source := &exchange.Source{ID: id, Kind: Kind, Region: region, Close: client.Close}
	if config.Channel == ChannelIRS {
		source.Licences = newIRS(config, secret, client, deps.Clock)
		return source, nil
	}
	shared := newSharing(config, secret, client, deps.Clock)
	source.Licences = shared
	source.Close = func() error {
		shared.secrets.Close() // a renewal under way must not outlive the source
		return client.Close()
	}
	return source, nil
}

func (c Config) secret(deps outbound.Deps) (string, error) {
	key, reference := "irs.secretKey", c.IRS.SecretKey
	if c.Channel == ChannelSharing {
		key, reference = "sharing.appSecret", c.Sharing.AppSecret
	}
	secret, err := deps.Secrets(reference)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return secret, nil
}

// answerIsNot is the failure of an answer that doesn't have the platform's shape. What is wrong in it is not repeated: a JSON
// library's error may show a piece of the text.
func answerIsNot(shape string) error {
	return exchange.Errorf(exchange.SourceInvalid, "the answer is not %s", shape)
}

// mediaType is the one in which both channels answer, and IRS is asked.
const mediaType = "application/json"
