package webhook

import (
	"context"
	"encoding/hex"
	"io"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// holdingsPage is how many holdings are asked for at once; one has about 150 bytes.
const holdingsPage = 1000

// heldQuestion asks for a page of holdings. It is signed as an event is.
type heldQuestion struct {
	After string `json:"after"`
	Limit int    `json:"limit"`
}

// Held asks the platform for the next page of what it holds.
func (s *events) Held(ctx context.Context, _ exchange.Purpose, after string) ([]exchange.Holding, error) {
	body, err := json.Marshal(heldQuestion{after, holdingsPage})
	if err != nil {
		return nil, exchange.Errorf(exchange.Internal, "the licence's key is not UTF-8 text")
	}
	var random [16]byte
	if _, err := io.ReadFull(s.signer.random, random[:]); err != nil {
		return nil, exchange.Errorf(exchange.Internal, "make an id: %w", err)
	}
	answer, err := s.post(ctx, s.config.HeldURL, typeData, "held/"+hex.EncodeToString(random[:]), body)
	if err != nil {
		return nil, err
	}
	return readHoldings(answer, after)
}

func readHoldings(answer []byte, after string) ([]exchange.Holding, error) {
	var page struct {
		Holdings []struct {
			Licence string `json:"licence"`
			Version uint64 `json:"version"`
			Digest  string `json:"digest"`
		} `json:"holdings"`
	}
	if json.Unmarshal(answer, &page) != nil || page.Holdings == nil {
		return nil, exchange.Errorf(exchange.SourceInvalid, "the answer is no list of holdings")
	}
	holdings := make([]exchange.Holding, len(page.Holdings))
	for i, held := range page.Holdings {
		holdings[i] = exchange.Holding(held)
	}
	return holdings, row.CheckHoldings(holdings, after, holdingsPage)
}

// Expected gives the holding that the notice leads to. Of thin content the platform holds a version only.
func (s *events) Expected(notice exchange.Notice) (exchange.Holding, error) {
	shown, err := contentOf(notice, s.config.Content)
	if err != nil {
		return exchange.Holding{}, err
	}
	return exchange.Holding{Licence: notice.Licence, Version: notice.Version, Digest: shown.digest()}, nil
}
