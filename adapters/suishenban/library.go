package suishenban

import (
	"context"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	loginPath     = "/cert/usage/login.do"
	existencePath = "/cert/usage/queryCertExistence.do"
	dataPath      = "/cert/usage/getCertOriginalData.do"
)

// library reads driving licences from the certificate library.
type library struct {
	caller      caller
	catMainCode string
	assumedAge  time.Duration
	failures    row.Failures
	sessions    *outbound.Rotating[string]
}

var _ exchange.LicenceSource = (*library)(nil)

func newLibrary(c Config, password string, client *outbound.Client, clock func() time.Time) *library {
	l := &library{
		caller: caller{client, strings.TrimSuffix(c.URL, "/")}, catMainCode: c.CatMainCode, assumedAge: c.AssumedAge,
		failures: c.Failures,
	}
	logIn := login{l.caller, loginQuestion{c.Account, password}, c.Failures, clock, c.SessionLife}
	l.sessions = outbound.NewRotating(outbound.RotatingConfig[string]{Clock: clock, Fetch: logIn.fetch, Margin: sessionMargin})
	return l
}

// Licence asks whether the subject holds a driving licence here, and reads it. All calls share ctx's deadline.
func (l *library) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	columns, err := l.columns(ctx, request)
	if err != nil {
		return exchange.Sighting[exchange.Licence]{}, err
	}
	return row.Sighting(columns, request, l.assumedAge)
}

func (l *library) columns(ctx context.Context, request exchange.SourceRequest) (row.Columns, error) {
	found, err := l.ask(ctx, existencePath, request.Purpose, func(p purpose) any {
		return existenceQuestion{
			p, holderCitizen, request.Subject.IDNumber.Reveal(), request.Subject.Name, l.catMainCode,
		}
	})
	if err != nil {
		return nil, err
	}
	certificate, err := found.certificate()
	if err != nil {
		return nil, err
	}
	read, err := l.ask(ctx, dataPath, request.Purpose, func(p purpose) any { return dataQuestion{p, certificate} })
	if err != nil {
		return nil, err
	}
	return read.row()
}

// ask makes one call within a session, and once more in a new one if the library has ended it.
func (l *library) ask(ctx context.Context, path string, p exchange.Purpose, question func(purpose) any) (answer, error) {
	a, session, err := l.askOnce(ctx, path, p, question)
	if err == nil && a.ErrorCode == errorSession && !a.ok() {
		l.sessions.Invalidate(session)
		a, _, err = l.askOnce(ctx, path, p, question)
	}
	if err != nil {
		return answer{}, err
	}
	if !a.ok() {
		return answer{}, l.failures.Error(a.ErrorCode)
	}
	return a, nil
}

func (l *library) askOnce(ctx context.Context, path string, p exchange.Purpose, question func(purpose) any) (answer, outbound.Lease[string], error) {
	session, err := l.sessions.Get(ctx)
	if err != nil {
		return answer{}, session, err
	}
	a, err := l.caller.post(ctx, path, question(purposeOf(p, session.Value)), true)
	return a, session, err
}
