package population

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	jsonType = "application/json"
	// margin is how long before its end a secret is given up.
	margin = 60 * time.Second

	platformOK     = "0"
	platformFailed = "-1" // wrong signature, clock too far off, or a secret that has ended
	notAuthorised  = "E-106"
)

// platformAnswer is what the exchange platform itself answers, to a refresh and to a call that it turns away.
type platformAnswer struct {
	Code string `json:"code"`
	Data struct {
		Secret string         `json:"secret"`
		End    jsontext.Value `json:"secretEndTime"` // milliseconds
	} `json:"data"`
}

// refresh gets a new secret and when it ends. To ask twice does no harm: the last answer counts.
func (r *register) refresh(ctx context.Context) (secret string, ends time.Time, err error) {
	body, err := json.Marshal(r.identity.at(r.clock(), r.appKey))
	if err != nil {
		return "", time.Time{}, exchange.Errorf(exchange.Internal, "requesterId or serviceId is not UTF-8 text")
	}
	response, err := r.client.Do(ctx, outbound.Request{
		URL: r.config.RefreshURL, Header: http.Header{"Content-Type": {jsonType}}, Body: body, Idempotent: true,
		MediaTypes: []string{jsonType},
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return readSecret(response.Body, r.appKey)
}

func readSecret(body []byte, appKey string) (secret string, ends time.Time, err error) {
	var answer platformAnswer
	if json.Unmarshal(body, &answer) != nil {
		return "", time.Time{}, exchange.Errorf(exchange.SourceInvalid, "the answer is not one of the exchange platform")
	}
	if answer.Code != platformOK {
		return "", time.Time{}, rejection(answer.Code)
	}
	milliseconds, err := strconv.ParseInt(strings.Trim(string(answer.Data.End), `"`), 10, 64)
	if err != nil {
		return "", time.Time{}, exchange.Errorf(exchange.SourceInvalid, "secretEndTime is no number of milliseconds")
	}
	if secret, err = unwrap(appKey, answer.Data.Secret); err != nil {
		return "", time.Time{}, exchange.Errorf(exchange.SourceInvalid, "%w", err)
	}
	return secret, time.UnixMilli(milliseconds), nil
}

// rejection gives the failure that a code of the exchange platform stands for.
func rejection(code string) error {
	switch code {
	case platformFailed:
		return exchange.ErrorAt(exchange.SourceRefused, exchange.LayerSignature, "the exchange platform refuses signature, clock or secret (code -1)")
	case notAuthorised:
		return exchange.Errorf(exchange.SourceRefused, "the exchange platform did not authorise us for the service (code E-106)")
	case platformOK:
		return exchange.Errorf(exchange.SourceInvalid, "the exchange platform answered success without an answer")
	}
	return row.Failures(nil).Error(code)
}
