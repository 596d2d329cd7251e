package zheliban

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
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
	secret, err := deps.Secrets(config.IRS.SecretKey)
	if err != nil {
		return nil, fmt.Errorf("irs.secretKey: %w", err)
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	told := &notices{client: client, config: config, secret: []byte(secret), clock: deps.Clock}
	receiver := &exchange.Receiver{ID: id, Kind: Kind, Region: region, Changes: told, Close: client.Close}
	if config.HeldURL != "" {
		receiver.Holdings = told
	}
	return receiver, nil
}

// notices tells a component of the IRS gateway of changes. The component's contract has no purpose fields.
type notices struct {
	client *outbound.Client
	config NoticeConfig
	secret []byte
	clock  func() time.Time
}

var (
	_ exchange.ChangeReceiver = (*notices)(nil)
	_ exchange.ChangeHolder   = (*notices)(nil)
)

// Apply sends the notice. It may be sent twice: the component knows by licence and version what it has.
func (s *notices) Apply(ctx context.Context, notice exchange.Notice) error {
	written, err := row.NoticeOf(notice)
	if err != nil {
		return err
	}
	data, err := s.post(ctx, s.config.IRS.URL, written)
	if err != nil {
		return err
	}
	return row.ReadReceipt(data, notice)
}

// holdingsPage is how many holdings are asked for at once; one has about 150 bytes.
const holdingsPage = 1000

// heldQuestion asks for a page of holdings (Z3).
type heldQuestion struct {
	After string `json:"jszbs"`
	Most  int    `json:"ts"` // 条数
}

// Held asks the component for the next page of what it holds.
func (s *notices) Held(ctx context.Context, _ exchange.Purpose, after string) ([]exchange.Holding, error) {
	data, err := s.post(ctx, s.config.HeldURL, heldQuestion{after, holdingsPage})
	if err != nil {
		return nil, err
	}
	return row.ReadHoldings(data, after, holdingsPage)
}

// Expected gives the holding that the notice leads to.
func (s *notices) Expected(notice exchange.Notice) (exchange.Holding, error) {
	return row.HoldingOf(notice)
}

func (s *notices) post(ctx context.Context, url string, message any) (jsontext.Value, error) {
	body, err := json.Marshal(message, json.Deterministic(true))
	if err != nil {
		return nil, exchange.Errorf(exchange.Internal, "the notice is not UTF-8 text")
	}
	signer := irsSigner{http.MethodPost, pathOf(url), s.config.IRS.AccessKey, s.secret}
	response, err := s.client.Do(ctx, outbound.Request{
		URL: url, Header: http.Header{"Content-Type": {mediaType}}, Body: body, Idempotent: true,
		Sign:       func(header http.Header) error { signer.sign(header, s.clock()); return nil },
		MediaTypes: []string{mediaType}, Judge: judgeNotice,
	})
	if err != nil {
		return nil, err
	}
	return decodeReceipt(response.Body, s.config.Failures)
}

// decodeReceipt gives the data of a component's answer, or the failure that its errorCode stands for.
func decodeReceipt(body []byte, failures row.Failures) (jsontext.Value, error) {
	var answer irsAnswer
	if json.Unmarshal(body, &answer) != nil || answer.Success == nil {
		return nil, answerIsNot("an answer of an IRS component")
	}
	if !*answer.Success {
		return nil, failures.Error(answer.ErrorCode)
	}
	return answer.Data, nil
}

// judgeNotice keeps the gateway's own rejections apart from what a status says of a delivery.
func judgeNotice(response outbound.Response) error {
	if response.Status == http.StatusUnauthorized {
		return judgeIRS(response)
	}
	return outbound.DeliveryError(response)
}
