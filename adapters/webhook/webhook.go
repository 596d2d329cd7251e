package webhook

import (
	"fmt"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// Kind is the name of this dialect in a configuration.
const Kind = "webhook"

// OpenReceiver builds a receiver of this kind; it is an [outbound.ReceiverFactory]. An error names the setting that is wrong.
func OpenReceiver(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps) (*exchange.Receiver, error) {
	var config Config
	if err := decode(&config); err != nil {
		return nil, err
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	config, deps = config.filled(), deps.Filled()
	signer, err := openSigner(config, deps)
	if err != nil {
		return nil, err
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	told := &events{client, config, signer}
	receiver := &exchange.Receiver{ID: id, Kind: Kind, Region: region, Changes: told, Close: client.Close}
	if config.HeldURL != "" {
		receiver.Holdings = told
	}
	return receiver, nil
}

func openSigner(config Config, deps outbound.Deps) (signer, error) {
	opened := signer{clock: deps.Clock, random: deps.Random}
	for _, setting := range [...]struct{ name, reference string }{{"key", config.Key}, {"oldKey", config.OldKey}} {
		if setting.reference == "" {
			continue
		}
		text, err := deps.Secrets(setting.reference)
		if err != nil {
			return signer{}, fmt.Errorf("%s: %w", setting.name, err)
		}
		key, err := smcrypto.ParsePrivateKeyPEM([]byte(text))
		if err != nil {
			return signer{}, fmt.Errorf("%s: %w", setting.name, err)
		}
		opened.keys = append(opened.keys, key)
	}
	return opened, nil
}
