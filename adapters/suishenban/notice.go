package suishenban

import (
	"context"
	"fmt"
	"strings"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	noticePath = "/cert/usage/noticeCertStatus.do"
	heldPath   = "/cert/usage/listCertStatus.do"
)

// OpenReceiver builds a receiver of this kind; it is an [outbound.ReceiverFactory]. An error names the setting that is wrong.
func OpenReceiver(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps) (*exchange.Receiver, error) {
	var config NoticeConfig
	if err := decode(&config); err != nil {
		return nil, err
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	config, deps = config.filled(), deps.Filled()
	password, err := deps.Secrets(config.Password)
	if err != nil {
		return nil, fmt.Errorf("password: %w", err)
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	told := newNotices(config, password, client, deps)
	receiver := &exchange.Receiver{ID: id, Kind: Kind, Region: region, Changes: told, Close: told.close}
	if config.Holdings {
		receiver.Holdings = told
	}
	return receiver, nil
}

// notices tells the certificate library of changes, within a session and with the notice's own purpose.
type notices struct {
	session
	client      *outbound.Client
	catMainCode string
}

var (
	_ exchange.ChangeReceiver = (*notices)(nil)
	_ exchange.ChangeHolder   = (*notices)(nil)
)

func newNotices(c NoticeConfig, password string, client *outbound.Client, deps outbound.Deps) *notices {
	calls := caller{client, strings.TrimSuffix(c.URL, "/"), outbound.DeliveryError}
	logIn := login{calls, loginQuestion{c.Account, password}, c.Failures, deps.Clock, c.SessionLife}
	return &notices{newSession(logIn), client, c.CatMainCode}
}

func (s *notices) close() error {
	s.kept.Close()
	return s.client.Close()
}

// Apply sends the notice. It may be sent twice: the library knows by licence and version what it has.
func (s *notices) Apply(ctx context.Context, notice exchange.Notice) error {
	written, err := noticeOf(notice, s.catMainCode)
	if err != nil {
		return err
	}
	a, err := s.ask(ctx, noticePath, notice.Purpose, func(p purpose) any { written.purpose = p; return written })
	if err != nil {
		return err
	}
	return a.receipt(notice)
}

// holdingsPage is how many holdings are asked for at once; one has about 150 bytes.
const holdingsPage = 1000

// Held asks the library for the next page of what it holds.
func (s *notices) Held(ctx context.Context, asked exchange.Purpose, after string) ([]exchange.Holding, error) {
	a, err := s.ask(ctx, heldPath, asked, func(p purpose) any {
		return heldQuestion{p, s.catMainCode, after, holdingsPage}
	})
	if err != nil {
		return nil, err
	}
	return a.holdings(after)
}

// Expected gives the holding that the notice leads to. The digest is over the columns as the library writes them.
func (s *notices) Expected(notice exchange.Notice) (exchange.Holding, error) {
	written, err := noticeOf(notice, s.catMainCode)
	if err != nil {
		return exchange.Holding{}, err
	}
	digest := row.Notice{Columns: written.Data}.Digest()
	return exchange.Holding{Licence: notice.Licence, Version: notice.Version, Digest: digest}, nil
}
