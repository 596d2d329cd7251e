package suishenban

import (
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// noticeQuestion is a change as the library takes it (S3): columns in upper case, as in a certificate's original data.
type noticeQuestion struct {
	purpose
	HolderType  string            `json:"holderType"`
	HolderCode  string            `json:"holderCode"`
	CatMainCode string            `json:"catMainCode"`
	Licence     string            `json:"licenceKey"`           // a pseudonym
	Version     uint64            `json:"version"`              // growing; with licenceKey it makes the notice idempotent
	Changed     string            `json:"changeTime,omitempty"` // only beside changes
	Changes     []noticeChange    `json:"changes"`
	Data        map[string]string `json:"data"`
	Masked      []string          `json:"maskedItems"`
}

type noticeChange struct {
	Kind   exchange.EventKind `json:"changeType"`
	Letter string             `json:"status,omitempty"`
}

// heldQuestion asks for a page of holdings (S3).
type heldQuestion struct {
	purpose
	CatMainCode string `json:"catMainCode"`
	After       string `json:"afterKey"`
	Most        int    `json:"pageSize"`
}

// noticeOf writes the notice; the session's fields are put in before each call.
func noticeOf(notice exchange.Notice, catMainCode string) (noticeQuestion, error) {
	columns, err := row.NoticeOf(notice)
	if err != nil {
		return noticeQuestion{}, err
	}
	written := noticeQuestion{
		HolderType: holderCitizen, HolderCode: columns.IDNumber, CatMainCode: catMainCode, Licence: columns.Licence,
		Version: columns.Version, Changed: columns.Changed, Changes: []noticeChange{}, Data: map[string]string{}, Masked: []string{},
	}
	for _, event := range columns.Events {
		written.Changes = append(written.Changes, noticeChange(event))
	}
	for column, text := range columns.Columns {
		written.Data[strings.ToUpper(column)] = text
	}
	for _, column := range columns.Masked {
		written.Masked = append(written.Masked, strings.ToUpper(column))
	}
	return written, nil
}

// receipt judges what the library says it holds after a notice.
func (a answer) receipt(notice exchange.Notice) error {
	var data struct {
		Licence string  `json:"licenceKey"`
		Version *uint64 `json:"version"`
	}
	if json.Unmarshal(a.Data, &data) != nil {
		data.Version = nil
	}
	return row.CheckReceipt(notice, data.Licence, data.Version)
}

// holdings gives a page of what the library holds after a licence.
func (a answer) holdings(after string) ([]exchange.Holding, error) {
	var rows []struct {
		Licence string `json:"licenceKey"`
		Version uint64 `json:"version"`
		Digest  string `json:"digest"`
	}
	if json.Unmarshal(a.Data, &rows) != nil || rows == nil {
		return nil, answerIsNot("a list of holdings")
	}
	holdings := make([]exchange.Holding, len(rows))
	for i, held := range rows {
		holdings[i] = exchange.Holding{Licence: held.Licence, Version: held.Version, Digest: held.Digest}
	}
	return holdings, row.CheckHoldings(holdings, after, holdingsPage)
}
