package suihaoban

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// rejected is TIF's code for a call that it doesn't let pass: paasid, signature, time or nonce.
const rejected = 400001

// question is what the API is asked (G1).
type question struct {
	IDNumber string `json:"sfzmhm"`
	Name     string `json:"xm"`
}

// answer is TIF's envelope (G1).
type answer struct {
	ErrCode *int64         `json:"errcode"`
	Data    jsontext.Value `json:"data"`
}

// decode gives the row of an answer, NoRecord, or the failure that its errcode stands for.
func decode(body []byte, failures row.Failures) (row.Columns, error) {
	var a answer
	if json.Unmarshal(body, &a) != nil || a.ErrCode == nil {
		return nil, exchange.Errorf(exchange.SourceInvalid, "the answer is not TIF's envelope")
	}
	if *a.ErrCode != 0 {
		return nil, failures.Error(strconv.FormatInt(*a.ErrCode, 10))
	}
	return row.FromJSON(a.Data)
}

// judge tells TIF's own rejection from a failure: both have status 500. A rejection doesn't pass by waiting, so it must not
// count as "down" and be repeated.
func judge(response outbound.Response) error {
	if response.Status != http.StatusInternalServerError {
		return outbound.StatusError(response)
	}
	var rejection struct {
		Code int64  `json:"code"`
		Msg  string `json:"msg"`
	}
	if json.Unmarshal(response.Body, &rejection) != nil || rejection.Code != rejected {
		return outbound.StatusError(response)
	}
	return exchange.ErrorAt(exchange.SourceRefused, layerOf(rejection.Msg), "TIF turned the call away with code %d", rejected)
}

// layerOf reads what TIF complains of, as far as its text is known (G1); the text itself is not repeated.
func layerOf(message string) exchange.Layer {
	switch {
	case strings.Contains(message, "时间戳"):
		return exchange.LayerClock
	case strings.Contains(message, "签名"):
		return exchange.LayerSignature
	}
	return exchange.LayerCredential
}
