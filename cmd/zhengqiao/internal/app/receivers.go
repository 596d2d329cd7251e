package app

import (
	"errors"
	"fmt"

	"github.com/zhengqiao/zhengqiao/adapters"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// receivers are the configured platforms that are told of changes, by id.
type receivers map[string]*exchange.Receiver

// openReceivers builds every receiver; the error tells of each setting that is wrong, with its line. Nothing is connected to yet.
func openReceivers(c *config.Config, deps outbound.Deps, w *wiring) (receivers, error) {
	all := receivers{}
	var wrong []error
	for i := range c.Receivers {
		receiver, err := openReceiver(c, i, deps, w)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if receiver != nil {
			all[c.Receivers[i].ID] = receiver
		}
	}
	if wrong != nil {
		return nil, errors.Join(append(wrong, all.close())...)
	}
	return all, nil
}

// openReceiver gives nil for a receiver that fetches its changes itself: it needs the journal, which is not open yet. The
// connections are watched until it is closed; w nil: nobody watches.
func openReceiver(c *config.Config, i int, deps outbound.Deps, w *wiring) (*exchange.Receiver, error) {
	configured, at := &c.Receivers[i], fmt.Sprintf("$.receivers[%d]", i)
	if configured.Kind == feedKind {
		_, err := feedOf(c, i)
		return nil, err
	}
	factory, err := ofKind(c, at, configured.Kind, adapters.Receivers(), feedKind)
	if err != nil {
		return nil, err
	}
	deps, wires := w.wire(configured.ID, "receiver", configured, deps)
	receiver, err := factory(configured.ID, exchange.Region(configured.Region), configured.Decode, deps)
	if err != nil {
		wires.drop()
		return nil, c.At(at+".settings", err)
	}
	receiver.Close = wires.closing(receiver.Close)
	return receiver, nil
}

// endpoints gives them as the delivery knows them, in the order of the configuration.
func (r receivers) endpoints(c *config.Config) []changefeed.Endpoint {
	var all []changefeed.Endpoint
	for i := range c.Receivers {
		if receiver := r[c.Receivers[i].ID]; receiver != nil {
			all = append(all, endpointOf(c, &c.Receivers[i], receiver.Changes))
		}
	}
	return all
}

func endpointOf(c *config.Config, configured *config.Receiver, told changefeed.Receiver) changefeed.Endpoint {
	return changefeed.Endpoint{
		Platform: configured.ID, Receiver: told, Purpose: syncPurpose(c), Gateway: configured.Gateway,
		EveryVersion: configured.EveryVersion, Timeout: configured.Timeout, Parallel: configured.Parallel,
	}
}

func (r receivers) close() error {
	var problems []error
	for _, receiver := range r {
		if receiver.Close != nil {
			problems = append(problems, receiver.Close())
		}
	}
	return errors.Join(problems...)
}
