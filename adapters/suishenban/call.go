package suishenban

import (
	"context"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// caller makes one call of the library.
type caller struct {
	client *outbound.Client
	base   string
	judge  func(outbound.Response) error // what an answer's status means; nil: as for a query
}

func (c caller) post(ctx context.Context, path string, question any, idempotent bool) (answer, error) {
	body, err := json.Marshal(question)
	if err != nil {
		return answer{}, exchange.Errorf(exchange.InvalidRequest, "the name or the purpose is not UTF-8 text")
	}
	response, err := c.client.Do(ctx, outbound.Request{
		URL: c.base + path, Header: http.Header{"Content-Type": {"application/json"}}, Body: body, Idempotent: idempotent,
		MediaTypes: []string{"application/json"}, Judge: c.judge,
	})
	if err != nil {
		return answer{}, err
	}
	return decodeAnswer(response.Body)
}

// login gets sessions.
type login struct {
	caller   caller
	question loginQuestion
	failures row.Failures
	clock    func() time.Time
	life     time.Duration
}

// fetch logs in. A log-in is not repeated by itself: a password that is wrong more than once may lock the account.
func (l login) fetch(ctx context.Context) (session string, expires time.Time, err error) {
	started := l.clock()
	a, err := l.caller.post(ctx, loginPath, l.question, false)
	if err != nil {
		return "", time.Time{}, err
	}
	if !a.ok() {
		return "", time.Time{}, l.failures.Error(a.ErrorCode)
	}
	session, err = a.session()
	return session, started.Add(l.life), err
}
