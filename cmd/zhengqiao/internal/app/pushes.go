package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// openPush builds the reader of one configured push.
func openPush(c *config.Config, i int, nonces outbound.Nonces) (outbound.Inbound, error) {
	configured, at := &c.Pushes[i], fmt.Sprintf("$.pushes[%d]", i)
	factory, err := ofKind(c, at, configured.Kind, adapters.Inbounds())
	if err != nil {
		return nil, err
	}
	deps := outbound.Deps{Secrets: files(c).Text, PublicKey: files(c).PublicKey, Nonces: nonces}
	inbound, err := factory(configured.ID, exchange.Region(configured.Region), configured.Decode, deps)
	return inbound, c.At(at+".settings", err)
}

// errNoIntake: a reload can't begin to synchronise changes.
var errNoIntake = errors.New("the gateway was started without changes.gateway, which comes into force with a restart; pushes can come only then")

// canTakePushes holds a configuration to what the gateway was started with.
func (a *App) canTakePushes(c *config.Config) error {
	if len(c.Pushes) > 0 && a.changes == nil {
		return c.At("$.pushes", errNoIntake)
	}
	return nil
}

// openPushes gives the addresses at which platforms announce changes in their own formats.
func (a *App) openPushes(ctx context.Context, c *config.Config) (pushes []gateway.Push, err error) {
	if len(c.Pushes) == 0 {
		return nil, nil
	}
	if err := a.canTakePushes(c); err != nil {
		return nil, err
	}
	state, err := a.journal.State(ctx, journal.StateConfig{Name: "push-nonces", TTL: pushNonceLife})
	if err != nil {
		return nil, err
	}
	for i := range c.Pushes {
		configured := &c.Pushes[i]
		inbound, failure := openPush(c, i, pushNonces{state})
		if failure != nil {
			err = errors.Join(err, failure)
			continue
		}
		taker := arrivals{platform: configured.ID, quotas: a.quotas, inbound: inbound, intake: a.changes.intake, pseudonyms: a.broker.Pseudonyms, clock: time.Now, aspects: aspectsOf(configured)}
		pushes = append(pushes, gateway.Push{Path: configured.Address(), Platform: configured.ID, MaxBody: inbound.MaxBody(), Taker: taker})
	}
	return pushes, err
}

// pushNonceLife outlasts the widest window of a push, 300 s either way.
const pushNonceLife = 15 * time.Minute

// pushNonces keeps used nonces in the journal, for all nodes and over restarts; it is an [outbound.Nonces]. A push is rare and large, so
// that one synced write more is no matter.
type pushNonces struct{ state *journal.State }

func (n pushNonces) Mark(ctx context.Context, party, nonce string, _ time.Time) (bool, error) {
	sum := smcrypto.SM3([]byte(party + "\x00" + nonce))
	_, err := n.state.Put(ctx, hex.EncodeToString(sum[:]), nil, 0)
	if errors.Is(err, journal.ErrConflict) {
		return false, nil
	}
	return err == nil, err
}
