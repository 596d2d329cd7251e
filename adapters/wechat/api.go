package wechat

import (
	"context"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// api makes calls with an access token, which all callers share.
type api struct {
	client   *outbound.Client
	base     string
	tokens   *outbound.Rotating[string]
	failures row.Failures
}

// post makes a call, and once more with a new token if WeChat says that the one used was no good. A refusal is what its errcode
// says; err is any other failure.
func (a api) post(ctx context.Context, path string, message any, idempotent bool) (body []byte, no *refusal, err error) {
	text, err := json.Marshal(message, json.Deterministic(true))
	if err != nil {
		return nil, nil, exchange.Errorf(exchange.Internal, "the notice is not UTF-8 text")
	}
	token, err := a.tokens.Get(ctx)
	if err != nil {
		return nil, nil, err
	}
	body, no, err = a.once(ctx, path, token.Value, text, idempotent)
	if err != nil || !no.stale() {
		return body, no, err
	}
	a.tokens.Invalidate(token)
	if token, err = a.tokens.Get(ctx); err != nil {
		return nil, nil, err
	}
	return a.once(ctx, path, token.Value, text, idempotent)
}

func (a api) once(ctx context.Context, path, token string, text []byte, idempotent bool) ([]byte, *refusal, error) {
	response, err := a.client.Do(ctx, outbound.Request{
		URL: a.base + path + "?access_token=" + url.QueryEscape(token), Header: http.Header{"Content-Type": {mediaType}}, Body: text,
		Idempotent: idempotent, MediaTypes: []string{mediaType}, Judge: outbound.DeliveryError,
	})
	if err != nil {
		return nil, nil, err
	}
	no := refused(response.Body, a.failures)
	return response.Body, no, nil
}

func (a api) close() error {
	a.tokens.Close()
	return a.client.Close()
}
