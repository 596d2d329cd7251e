package suihaoban

import (
	"context"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const headerCity = "x-yss-city-code"

// api reads licences from the API behind TIF. TIF's envelope has no purpose fields.
type api struct {
	client     *outbound.Client
	url        string
	cityCode   string
	signer     signer
	assumedAge time.Duration
	failures   row.Failures
}

var _ exchange.LicenceSource = (*api)(nil)

// Licence asks for the licence of the request's subject. A rejection by TIF itself is SourceRefused.
func (a *api) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	columns, err := a.ask(ctx, request.Subject)
	if err != nil {
		return exchange.Sighting[exchange.Licence]{}, err
	}
	return row.Sighting(columns, request, a.assumedAge)
}

func (a *api) ask(ctx context.Context, subject exchange.Subject) (row.Columns, error) {
	body, err := json.Marshal(question{subject.IDNumber.Reveal(), subject.Name})
	if err != nil {
		return nil, exchange.Errorf(exchange.InvalidRequest, "the name is not UTF-8 text")
	}
	response, err := a.client.Do(ctx, outbound.Request{
		URL: a.url, Header: a.header(), Body: body, Idempotent: true, Sign: a.signer.sign, MediaTypes: []string{"application/json"},
		Judge: judge,
	})
	if err != nil {
		return nil, err
	}
	return decode(response.Body, a.failures)
}

func (a *api) header() http.Header {
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set(headerCity, a.cityCode)
	return header
}
