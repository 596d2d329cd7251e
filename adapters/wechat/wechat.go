package wechat

import (
	"errors"
	"fmt"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is the name of this dialect in a configuration.
const Kind = "wechat"

var errNoContacts = errors.New("channel: subscribe needs to know how citizens are reached, and this program does not")

// OpenReceiver builds a receiver of this kind; it is an [outbound.ReceiverFactory]. The channel subscribe needs deps.Contacts. An
// error names the setting that is wrong.
func OpenReceiver(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps) (*exchange.Receiver, error) {
	var config Config
	if err := decode(&config); err != nil {
		return nil, err
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	if config.Channel == ChannelSubscribe && deps.Contacts == nil {
		return nil, errNoContacts
	}
	config, deps = config.filled(), deps.Filled()
	calls, err := open(id, config, deps)
	if err != nil {
		return nil, err
	}
	receiver := &exchange.Receiver{ID: id, Kind: Kind, Region: region, Close: calls.close}
	if config.Channel == ChannelSubscribe {
		receiver.Changes = &subscribe{calls, config.AppID, config.Template, deps.Contacts, deps.Logger}
		return receiver, nil
	}
	told := &cityService{calls, config.StatusPath, config.HeldPath}
	receiver.Changes = told
	if config.HeldPath != "" {
		receiver.Holdings = told
	}
	return receiver, nil
}

func open(id string, config Config, deps outbound.Deps) (api, error) {
	secret, err := deps.Secrets(config.Secret)
	if err != nil {
		return api{}, fmt.Errorf("secret: %w", err)
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return api{}, err
	}
	tokens := rotating(issuer{client, config.URL, config.AppID, secret, config.Failures, deps.Clock})
	return api{client, config.URL, tokens, config.Failures}, nil
}
