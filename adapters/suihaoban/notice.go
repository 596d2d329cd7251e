package suihaoban

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

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
	token, err := deps.Secrets(config.Token)
	if err != nil {
		return nil, fmt.Errorf("token: %w", err)
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	told := &notices{client, config, signer{config.Prefix, config.PaasID, token, deps.Clock, deps.Random}}
	receiver := &exchange.Receiver{ID: id, Kind: Kind, Region: region, Changes: told, Close: client.Close}
	if config.HeldURL != "" {
		receiver.Holdings = told
	}
	return receiver, nil
}

// notices tells the API behind TIF of changes. TIF's envelope has no purpose fields.
type notices struct {
	client *outbound.Client
	config NoticeConfig
	signer signer
}

var (
	_ exchange.ChangeReceiver = (*notices)(nil)
	_ exchange.ChangeHolder   = (*notices)(nil)
)

// Apply sends the notice. It may be sent twice: the API knows by licence and version what it has.
func (s *notices) Apply(ctx context.Context, notice exchange.Notice) error {
	written, err := row.NoticeOf(notice)
	if err != nil {
		return err
	}
	data, err := s.post(ctx, s.config.URL, written)
	if err != nil {
		return err
	}
	return row.ReadReceipt(data, notice)
}

// holdingsPage is how many holdings are asked for at once; one has about 150 bytes.
const holdingsPage = 1000

// heldQuestion asks for a page of holdings (G2).
type heldQuestion struct {
	After string `json:"jszbs"`
	Most  int    `json:"ts"` // 条数
}

// Held asks the API for the next page of what it holds.
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
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set(headerCity, s.config.CityCode)
	response, err := s.client.Do(ctx, outbound.Request{
		URL: url, Header: header, Body: body, Idempotent: true, Sign: s.signer.sign, MediaTypes: []string{"application/json"},
		Judge: judgeNotice,
	})
	if err != nil {
		return nil, err
	}
	return decodeReceipt(response.Body, s.config.Failures)
}

// decodeReceipt gives the data of the API's answer, or the failure that its errcode stands for.
func decodeReceipt(body []byte, failures row.Failures) (jsontext.Value, error) {
	var a answer
	if json.Unmarshal(body, &a) != nil || a.ErrCode == nil {
		return nil, exchange.Errorf(exchange.SourceInvalid, "the answer is not TIF's envelope")
	}
	if *a.ErrCode != 0 {
		return nil, failures.Error(strconv.FormatInt(*a.ErrCode, 10))
	}
	return a.Data, nil
}

// judgeNotice keeps TIF's own rejection apart from what a status says of a delivery.
func judgeNotice(response outbound.Response) error {
	if response.Status == http.StatusInternalServerError {
		return judge(response)
	}
	return outbound.DeliveryError(response)
}
