package webhook

import (
	"context"
	"net/http"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// events tells a platform of changes.
type events struct {
	client *outbound.Client
	config Config
	signer signer
}

var (
	_ exchange.ChangeReceiver = (*events)(nil)
	_ exchange.ChangeHolder   = (*events)(nil)
)

// Apply posts the event. It may be posted twice: the platform knows by its id, and by licence and version, what it has.
func (s *events) Apply(ctx context.Context, notice exchange.Notice) error {
	id, body, err := write(notice, s.config.Content)
	if err != nil {
		return err
	}
	answer, err := s.post(ctx, s.config.URL, typeEvent, id, body)
	if err != nil {
		return err
	}
	return readReceipt(answer, notice)
}

// readReceipt reads what the platform holds now: {"licence","version"}, and whatever else it says. An answer that does not say of
// what it is a success is none.
func readReceipt(answer []byte, notice exchange.Notice) error {
	var receipt struct {
		Licence string  `json:"licence"`
		Version *uint64 `json:"version"`
	}
	if json.Unmarshal(answer, &receipt) != nil {
		receipt.Version = nil
	}
	return row.CheckReceipt(notice, receipt.Licence, receipt.Version)
}

func (s *events) post(ctx context.Context, url, mediaType, id string, body []byte) (answer []byte, err error) {
	response, err := s.client.Do(ctx, outbound.Request{
		URL: url, Header: http.Header{"Content-Type": {mediaType}}, Body: body, Idempotent: true, Sign: s.signer.attempt(id, body),
		MediaTypes: []string{typeData}, Judge: judge, Traced: true,
	})
	return response.Body, err
}

// judge takes 200 alone for a success: no other status comes with a receipt.
func judge(response outbound.Response) error {
	err := outbound.DeliveryError(response)
	if err == nil && response.Status != http.StatusOK {
		err = exchange.Errorf(exchange.SourceInvalid, "HTTP status %d is no receipt", response.Status)
	}
	return err
}
