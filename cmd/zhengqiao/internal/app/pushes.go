package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// openPush builds the reader of one configured push.
func openPush(c *config.Config, i int, nonces outbound.Nonces) (outbound.Inbound, error) {
	configured, at := &c.Pushes[i], fmt.Sprintf("$.pushes[%d]", i)
	factory, known := adapters.Inbounds()[configured.Kind]
	if !known {
		kinds := strings.Join(slices.Sorted(maps.Keys(adapters.Inbounds())), ", ")
		return nil, c.At(at+".kind", fmt.Errorf("unknown kind %q; there are %s", configured.Kind, kinds))
	}
	deps := outbound.Deps{Secrets: files(c).Text, PublicKey: files(c).PublicKey, Nonces: nonces}
	inbound, err := factory(configured.ID, exchange.Region(configured.Region), configured.Decode, deps)
	return inbound, c.At(at+".settings", err)
}

// openPushes gives the addresses at which platforms announce changes in their own formats.
func (a *App) openPushes(ctx context.Context, pseudonyms exchange.Pseudonyms) (pushes []gateway.Push, err error) {
	if len(a.config.Pushes) == 0 {
		return nil, nil
	}
	state, err := a.journal.State(ctx, journal.StateConfig{Name: "push-nonces", TTL: pushNonceLife})
	if err != nil {
		return nil, err
	}
	for i := range a.config.Pushes {
		configured := &a.config.Pushes[i]
		inbound, failure := openPush(a.config, i, pushNonces{state})
		if failure != nil {
			err = errors.Join(err, failure)
			continue
		}
		taker := arrivals{inbound: inbound, intake: a.changes.intake, pseudonyms: pseudonyms, clock: time.Now, aspects: aspectsOf(configured)}
		pushes = append(pushes, gateway.Push{Path: configured.Address(), Platform: configured.ID, MaxBody: inbound.MaxBody(), Taker: taker})
	}
	return pushes, err
}

// arrivals takes what one platform pushes; it is a [gateway.PushTaker].
type arrivals struct {
	inbound    outbound.Inbound
	intake     *changefeed.Intake
	pseudonyms exchange.Pseudonyms
	clock      func() time.Time
	aspects    []exchange.Aspect // what is taken of a row
}

func aspectsOf(push *config.Push) []exchange.Aspect {
	if len(push.Aspects) == 0 {
		return exchange.Aspects()
	}
	var aspects []exchange.Aspect
	for _, aspect := range push.Aspects {
		aspects = append(aspects, exchange.Aspect(aspect))
	}
	return aspects
}

// Take reads a push and takes its reports in, each by itself: those that don't stand are named in the answer and don't hold up the
// others. When the store fails the platform is told to send all of it again, which does no harm.
func (a arrivals) Take(ctx context.Context, header http.Header, body []byte) (int, []byte, error) {
	reports, answer, err := a.inbound.Receive(header, body, a.clock())
	if err != nil {
		return statusOf(err), answer(nil), err
	}
	var refused []outbound.PushRefusal
	for i := range reports {
		outcome, err := a.take(ctx, &reports[i])
		if err != nil {
			return http.StatusServiceUnavailable, a.inbound.Later(), err
		}
		if outcome != "" {
			refused = append(refused, outbound.PushRefusal{Number: reports[i].Sequence, Reason: outcome})
		}
	}
	return http.StatusOK, answer(refused), nil
}

// take gives why the report does not stand, "" if it does. The error is of the store.
func (a arrivals) take(ctx context.Context, report *exchange.Report) (string, error) {
	report.Licence = a.pseudonyms.Pseudonym(report.Subject.IDNumber)
	report.Facts = report.Facts.Only(a.aspects)
	report.Caller = exchange.Caller{Platform: report.Reporter}
	accepted, err := a.intake.Report(ctx, report)
	switch code := exchange.CodeOf(err); {
	case err == nil:
		return standing(accepted.Outcome), nil
	case code == exchange.PolicyRefused || code == exchange.InvalidRequest:
		return string(code), nil
	}
	return "", err
}

// standing gives "" for what stands.
func standing(outcome exchange.ReportOutcome) string {
	switch outcome {
	case exchange.ReportAccepted, exchange.ReportUnchanged, exchange.ReportDuplicate:
		return ""
	}
	return string(outcome)
}

// statusOf is the HTTP status with a platform's own refusal: those formats say in the body what is wrong, and some gateways in between
// look at nothing but the status.
func statusOf(err error) int {
	switch exchange.CodeOf(err) {
	case exchange.SignatureMissing, exchange.SignatureInvalid, exchange.SignatureExpired, exchange.RequestReplayed:
		return http.StatusUnauthorized
	case exchange.BodyTooLarge:
		return http.StatusRequestEntityTooLarge
	case exchange.Overloaded:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
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
