package zheliban

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// sharing reads licences from a data set of the data-sharing platform.
type sharing struct {
	sharingCall
	path       string
	additional Additional
	assumedAge time.Duration
	secrets    *outbound.Rotating[string]
}

var _ exchange.LicenceSource = (*sharing)(nil)

func newSharing(c Config, appSecret string, client *outbound.Client, clock func() time.Time) *sharing {
	call := sharingCall{client, strings.TrimSuffix(c.Sharing.URL, "/"), c.Sharing.AppKey, clock, c.Failures}
	path := "/gateway/api/" + c.Sharing.Path + "/dataSharing/" + c.Sharing.DataSet + ".htm"
	secrets := rotating(&renewer{sharingCall: call, appSecret: appSecret})
	return &sharing{call, path, c.Sharing.Additional, c.AssumedAge, secrets}
}

// Licence asks for the licence of the request's subject and hands the query's purpose on.
func (s *sharing) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	columns, err := s.columns(ctx, request)
	if err != nil {
		return exchange.Sighting[exchange.Licence]{}, err
	}
	return row.Sighting(columns, request, s.assumedAge)
}

func (s *sharing) columns(ctx context.Context, request exchange.SourceRequest) (row.Columns, error) {
	answer, err := s.ask(ctx, request)
	if err != nil {
		return nil, err
	}
	if answer.Code != sharingOK {
		return nil, s.failures.Error(answer.Code)
	}
	return answer.row()
}

// ask makes the call, and once more with a new secret if the answer may mean that the one used has been replaced.
func (s *sharing) ask(ctx context.Context, request exchange.SourceRequest) (sharingAnswer, error) {
	lease, err := s.secrets.Get(ctx)
	if err != nil {
		return sharingAnswer{}, err
	}
	answer, err := s.askWith(ctx, request, lease.Value)
	if err != nil || !s.maybeStale(answer.Code) {
		return answer, err
	}
	s.secrets.Invalidate(lease)
	if lease, err = s.secrets.Get(ctx); err != nil {
		return sharingAnswer{}, err
	}
	return s.askWith(ctx, request, lease.Value)
}

// maybeStale reports whether a code may be about the secret. The codes vary by data set, so any but those whose meaning is
// known is taken for it; a known one would renew the secret, and end it for other callers, to no purpose.
func (s *sharing) maybeStale(code string) bool {
	return code == sharingStaleSign || code != sharingOK && !s.failures.Knows(code)
}

func (s *sharing) askWith(ctx context.Context, request exchange.SourceRequest, requestSecret string) (sharingAnswer, error) {
	additional, err := s.additional.encode(request.Purpose)
	if err != nil {
		return sharingAnswer{}, err
	}
	form := signedForm(s.appKey, requestSecret, s.clock())
	form.Set("sfzmhm", request.Subject.IDNumber.Reveal())
	form.Set("xm", request.Subject.Name)
	form.Set("additional", additional)
	return s.post(ctx, s.path, form, true)
}

// sharingCall is one call of the platform, as every step makes it.
type sharingCall struct {
	client   *outbound.Client
	base     string
	appKey   string
	clock    func() time.Time
	failures row.Failures
}

// post sends the form as the body, also for secrets, where the platform would take a query: a signature that stands in a URL
// stands in every log on the way.
func (c sharingCall) post(ctx context.Context, path string, form url.Values, idempotent bool) (sharingAnswer, error) {
	response, err := c.client.Do(ctx, outbound.Request{
		URL: c.base + path, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		Body: []byte(form.Encode()), Idempotent: idempotent, MediaTypes: []string{mediaType},
	})
	if err != nil {
		return sharingAnswer{}, err
	}
	return decodeSharing(response.Body)
}
