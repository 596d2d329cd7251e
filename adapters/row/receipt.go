package row

import (
	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// ReadReceipt reads what a platform answers to a notice that it took: {"jszbs","bbh"}, the licence and the version that it holds
// now. nil means that it holds what it was told, or a newer version. Everything else is SourceInvalid: a success that doesn't
// say of what is none.
func ReadReceipt(text []byte, n exchange.Notice) error {
	var receipt struct {
		Licence string  `json:"jszbs"`
		Version *uint64 `json:"bbh"`
	}
	if json.Unmarshal(text, &receipt) != nil {
		receipt.Version = nil
	}
	return CheckReceipt(n, receipt.Licence, receipt.Version)
}

// CheckReceipt is [ReadReceipt] for a receipt that was read already; version is nil if it names none.
func CheckReceipt(n exchange.Notice, licence string, version *uint64) error {
	switch {
	case version == nil:
		return exchange.Errorf(exchange.SourceInvalid, "the answer is no receipt of a notice")
	case licence != n.Licence:
		return exchange.Errorf(exchange.SourceInvalid, "the receipt is for another licence")
	case *version < n.Version:
		return exchange.Errorf(exchange.SourceInvalid, "the platform says that it took the notice and holds an older version")
	}
	return nil
}

// ReadHoldings reads a page of what a platform holds: a list of {"jszbs","bbh","zy"}, as [CheckHoldings] wants it. zy (摘要) is as
// in [Notice.Digest].
func ReadHoldings(text []byte, after string, most int) ([]exchange.Holding, error) {
	var rows []struct {
		Licence string `json:"jszbs"`
		Version uint64 `json:"bbh"`
		Digest  string `json:"zy"`
	}
	if json.Unmarshal(text, &rows) != nil || rows == nil {
		return nil, exchange.Errorf(exchange.SourceInvalid, "the answer is no list of holdings")
	}
	holdings := make([]exchange.Holding, len(rows))
	for i, held := range rows {
		holdings[i] = exchange.Holding{Licence: held.Licence, Version: held.Version, Digest: held.Digest}
	}
	return holdings, CheckHoldings(holdings, after, most)
}

// CheckHoldings wants at most so many holdings, in ascending order of licence and all after the given one. Anything else is
// SourceInvalid: a reader that follows a list in disorder might never end.
func CheckHoldings(holdings []exchange.Holding, after string, most int) error {
	if len(holdings) > most {
		return exchange.Errorf(exchange.SourceInvalid, "the page of holdings is longer than was asked for")
	}
	for _, held := range holdings {
		if held.Licence <= after {
			return exchange.Errorf(exchange.SourceInvalid, "the holdings are not in order")
		}
		after = held.Licence
	}
	return nil
}

// HoldingOf is what a platform holds that has taken the notice and none since. The error is that of [NoticeOf].
func HoldingOf(n exchange.Notice) (exchange.Holding, error) {
	written, err := NoticeOf(n)
	if err != nil {
		return exchange.Holding{}, err
	}
	return exchange.Holding{Licence: n.Licence, Version: n.Version, Digest: written.Digest()}, nil
}
