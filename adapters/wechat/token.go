package wechat

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	tokenPath = "/cgi-bin/token"
	// tokenMargin leaves room for a call that starts just before its token ends. A new token ends the one before after five minutes.
	tokenMargin = time.Minute
	mediaType   = "application/json"
)

// issuer gets access tokens: GET with the app's id and secret in the query, as WeChat has it. The answer tells how long the
// token lives, 7200 s.
type issuer struct {
	client        *outbound.Client
	base          string
	appID, secret string
	failures      row.Failures
	clock         func() time.Time
}

func (i issuer) fetch(ctx context.Context) (token string, expires time.Time, err error) {
	started := i.clock()
	query := url.Values{"grant_type": {"client_credential"}, "appid": {i.appID}, "secret": {i.secret}}
	response, err := i.client.Do(ctx, outbound.Request{
		Method: http.MethodGet, URL: i.base + tokenPath + "?" + query.Encode(), Idempotent: true, MediaTypes: []string{mediaType},
	})
	if err != nil {
		return "", time.Time{}, err
	}
	token, life, err := i.decode(response.Body)
	return token, started.Add(life), err
}

func (i issuer) decode(body []byte) (token string, life time.Duration, err error) {
	var a struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
		ErrCode     int64  `json:"errcode"`
	}
	switch {
	case json.Unmarshal(body, &a) != nil:
		return "", 0, exchange.Errorf(exchange.SourceInvalid, "the answer is no access token")
	case a.ErrCode != 0:
		return "", 0, refusalOf(strconv.FormatInt(a.ErrCode, 10), i.failures).err
	case a.AccessToken == "" || a.ExpiresIn <= 0 || a.ExpiresIn > maxTokenLife:
		return "", 0, exchange.Errorf(exchange.SourceInvalid, "the answer is no access token")
	}
	return a.AccessToken, time.Duration(a.ExpiresIn) * time.Second, nil
}

// maxTokenLife, in seconds, is more than any token lives; a longer one is a mistake.
const maxTokenLife = 7 * 24 * 60 * 60

func rotating(i issuer) *outbound.Rotating[string] {
	return outbound.NewRotating(outbound.RotatingConfig[string]{Clock: i.clock, Fetch: i.fetch, Margin: tokenMargin})
}
