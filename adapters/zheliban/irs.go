package zheliban

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// irs reads licences from a component of the IRS gateway. The component's contract has no purpose fields.
type irs struct {
	client     *outbound.Client
	url        string
	signer     irsSigner
	clock      func() time.Time
	assumedAge time.Duration
	failures   row.Failures
}

var _ exchange.LicenceSource = (*irs)(nil)

func newIRS(c Config, secret string, client *outbound.Client, clock func() time.Time) *irs {
	signer := irsSigner{http.MethodPost, pathOf(c.IRS.URL), c.IRS.AccessKey, []byte(secret)}
	return &irs{client, c.IRS.URL, signer, clock, c.AssumedAge, c.Failures}
}

// pathOf gives the path as it is sent, which is what is signed. Validate has seen to it that the address is one.
func pathOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return cmp.Or(parsed.EscapedPath(), "/")
}

// Licence asks for the licence of the request's subject. Rejections of the IRS gateway itself (access key, signature, clock,
// subscription) are SourceRefused.
func (s *irs) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	columns, err := s.ask(ctx, request.Subject)
	if err != nil {
		return exchange.Sighting[exchange.Licence]{}, err
	}
	return row.Sighting(columns, request, s.assumedAge)
}

func (s *irs) ask(ctx context.Context, subject exchange.Subject) (row.Columns, error) {
	body, err := json.Marshal(irsQuestion{subject.IDNumber.Reveal(), subject.Name})
	if err != nil {
		return nil, exchange.Errorf(exchange.InvalidRequest, "the name is not UTF-8 text")
	}
	response, err := s.client.Do(ctx, outbound.Request{
		URL: s.url, Header: http.Header{"Content-Type": {mediaType}}, Body: body, Idempotent: true, Sign: s.sign,
		MediaTypes: []string{mediaType}, Judge: judgeIRS,
	})
	if err != nil {
		return nil, err
	}
	return decodeIRS(response.Body, s.failures)
}

func (s *irs) sign(header http.Header) error {
	s.signer.sign(header, s.clock())
	return nil
}
