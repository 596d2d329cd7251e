package wechat

import (
	"context"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// holdingsPage is how many holdings are asked for at once; one has about 150 bytes.
const holdingsPage = 1000

// heldQuestion asks for a page of holdings (W2).
type heldQuestion struct {
	After string `json:"after_key"`
	Limit int    `json:"limit"`
}

// Held asks 城市服务 for the next page of what it holds.
func (s *cityService) Held(ctx context.Context, _ exchange.Purpose, after string) ([]exchange.Holding, error) {
	body, no, err := s.post(ctx, s.heldPath, heldQuestion{after, holdingsPage}, true)
	if err != nil {
		return nil, err
	}
	if no != nil {
		return nil, no.err
	}
	return decodeHoldings(body, after)
}

func decodeHoldings(body []byte, after string) ([]exchange.Holding, error) {
	var a struct {
		List []struct {
			Key     string `json:"out_key"`
			Version uint64 `json:"version"`
			Digest  string `json:"digest"`
		} `json:"list"`
	}
	if json.Unmarshal(body, &a) != nil || a.List == nil {
		return nil, exchange.Errorf(exchange.SourceInvalid, "the answer is no list of holdings")
	}
	holdings := make([]exchange.Holding, len(a.List))
	for i, held := range a.List {
		holdings[i] = exchange.Holding{Licence: held.Key, Version: held.Version, Digest: held.Digest}
	}
	return holdings, row.CheckHoldings(holdings, after, holdingsPage)
}

// Expected gives the holding that the notice leads to. The digest is over the members as 城市服务 names them.
func (s *cityService) Expected(notice exchange.Notice) (exchange.Holding, error) {
	written, err := statusOf(notice)
	if err != nil {
		return exchange.Holding{}, err
	}
	digest := row.Notice{Columns: written.Licence}.Digest()
	return exchange.Holding{Licence: notice.Licence, Version: notice.Version, Digest: digest}, nil
}
