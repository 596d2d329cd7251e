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
	session
	catMainCode string
	assumedAge  time.Duration
}

var _ exchange.LicenceSource = (*library)(nil)

func newLibrary(c Config, password string, client *outbound.Client, clock func() time.Time) *library {
	calls := caller{client: client, base: strings.TrimSuffix(c.URL, "/")}
	logIn := login{calls, loginQuestion{c.Account, password}, c.Failures, clock, c.SessionLife}
	return &library{newSession(logIn), c.CatMainCode, c.AssumedAge}
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
