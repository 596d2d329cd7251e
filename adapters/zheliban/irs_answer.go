package zheliban

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// irsQuestion is what the component is asked (Z1).
type irsQuestion struct {
	IDNumber string `json:"sfzmhm"`
	Name     string `json:"xm"`
}

// irsAnswer is what the component answers (Z1). The IRS gateway wraps nothing around it.
type irsAnswer struct {
	Success   *bool          `json:"success"`
	ErrorCode string         `json:"errorCode"`
	Data      jsontext.Value `json:"data"`
}

// irsName is the component's errorCode for a name that is not the ID number's (Z1).
const irsName = "NAME_MISMATCH"

// decodeIRS gives the row of an answer, NoRecord, or the failure that its errorCode stands for.
func decodeIRS(body []byte, failures row.Failures) (row.Columns, error) {
	var answer irsAnswer
	if json.Unmarshal(body, &answer) != nil || answer.Success == nil {
		return nil, answerIsNot("an answer of an IRS component")
	}
	if !*answer.Success {
		return nil, failures.Error(answer.ErrorCode)
	}
	return row.FromJSON(answer.Data)
}

// judgeIRS tells the rejections of the IRS gateway, HTTP 401 with a message, by their texts: an operator does something else
// about a clock than about a subscription. Only known texts are repeated.
func judgeIRS(response outbound.Response) error {
	if response.Status != http.StatusUnauthorized {
		return outbound.StatusError(response)
	}
	var rejection struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(response.Body, &rejection) != nil {
		return outbound.StatusError(response)
	}
	known := knownRejection(rejection.Message)
	return exchange.ErrorAt(exchange.SourceRefused, layerOf(known), "the IRS gateway says: %s", known)
}

func layerOf(rejection string) exchange.Layer {
	switch rejection {
	case clockSkew:
		return exchange.LayerClock
	case invalidSignature:
		return exchange.LayerSignature
	}
	return exchange.LayerCredential
}

// Texts of the IRS gateway that say where the fault is.
const (
	invalidSignature = "Invalid signature"
	clockSkew        = "Clock skew"
)

func knownRejection(message string) string {
	known := []string{"Invalid access key", invalidSignature, "The route_id is forbidden."}
	switch {
	case slices.Contains(known, message):
		return message
	case strings.HasPrefix(message, clockSkew):
		return clockSkew
	}
	return "something else than it is known to say"
}
