package app

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// arrivals takes what one platform pushes; it is a [gateway.PushTaker].
type arrivals struct {
	platform   string
	quotas     *gateway.Quotas
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
	place, _, err := a.quotas.Enter(ctx, gateway.Reports, a.platform, exchange.DefaultBudget) // only now it is proved whose it is
	if err != nil {
		return statusOf(err), a.inbound.Later(), err
	}
	defer place.Leave()
	outcomes, err := a.takeAll(ctx, reports)
	if err != nil {
		return http.StatusServiceUnavailable, a.inbound.Later(), err
	}
	var refused []outbound.PushRefusal
	for i, outcome := range outcomes {
		if outcome != "" {
			refused = append(refused, outbound.PushRefusal{Number: reports[i].Sequence, Reason: outcome})
		}
	}
	return http.StatusOK, answer(refused), nil
}

// licencesAtOnce is of how many licences reports are on their way to the disk at once: they share its syncs.
const licencesAtOnce = 64

// takeAll takes the reports of different licences in side by side, those of one licence in their order.
func (a arrivals) takeAll(ctx context.Context, reports []exchange.Report) ([]string, error) {
	outcomes, places := make([]string, len(reports)), map[string][]int{}
	for i := range reports {
		reports[i].Licence = a.pseudonyms.Pseudonym(reports[i].Subject.IDNumber)
		places[reports[i].Licence] = append(places[reports[i].Licence], i)
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(licencesAtOnce)
	for _, mine := range places {
		work.Go(func() (err error) {
			for _, i := range mine {
				if outcomes[i], err = a.take(ctx, &reports[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return outcomes, work.Wait()
}

// take gives why the report does not stand, "" if it does. The error is of the store.
func (a arrivals) take(ctx context.Context, report *exchange.Report) (string, error) {
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
	case exchange.QuotaExceeded:
		return http.StatusTooManyRequests
	}
	return http.StatusBadRequest
}
