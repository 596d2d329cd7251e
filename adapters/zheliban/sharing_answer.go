package zheliban

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Codes of the data-sharing platform (Z2); the others vary by data set.
const (
	sharingOK        = "00"
	sharingStaleSign = "14" // 签名错误: a wrong secret, or one that has been replaced
	sharingNoPurpose = "21" // a purpose field is missing
	sharingNoDataSet = "23" // the data set does not exist, or not for us
	sharingName      = "24" // the name is not the ID number's
)

// sharingAnswer is what the data-sharing platform answers, to a call for secrets and to one for data (Z2).
type sharingAnswer struct {
	Code  string         `json:"code"`
	Datas jsontext.Value `json:"datas"`
	Data  jsontext.Value `json:"data"`
}

func decodeSharing(body []byte) (sharingAnswer, error) {
	var answer sharingAnswer
	if json.Unmarshal(body, &answer) != nil || answer.Code == "" {
		return sharingAnswer{}, answerIsNot("an answer of the data-sharing platform")
	}
	return answer, nil
}

// content gives what the answer carries. Data sets name it datas or data; one that fills both leaves open which is meant.
func (a sharingAnswer) content() (jsontext.Value, error) {
	datas, data := isThere(a.Datas), isThere(a.Data)
	switch {
	case datas && data:
		return nil, answerIsNot("one set of rows: both datas and data are filled")
	case data:
		return a.Data, nil
	case datas || len(a.Datas) > 0:
		return a.Datas, nil
	}
	return a.Data, nil
}

// isThere reports whether a member holds anything. Platforms that name their rows datas may still write an empty data.
func isThere(value jsontext.Value) bool {
	switch string(value) {
	case "", "null", `""`, "[]", "{}":
		return false
	}
	return true
}

// row gives the one row of the answer, which is an object or a list. A list of several doesn't say which is the licence.
func (a sharingAnswer) row() (row.Columns, error) {
	content, err := a.content()
	if err != nil {
		return nil, err
	}
	if content.Kind() != jsontext.KindBeginArray {
		return row.FromJSON(content)
	}
	var rows []jsontext.Value
	if json.Unmarshal(content, &rows) != nil || len(rows) > 1 {
		return nil, answerIsNot("one row")
	}
	if len(rows) == 0 {
		return nil, exchange.Errorf(exchange.NoRecord, "the data set answered no row")
	}
	return row.FromJSON(rows[0])
}

// sharingSecrets are the rotating secrets as the platform hands them out. The refreshSecret is not renewed by itself, so a
// renewal may leave it out.
type sharingSecrets struct {
	RefreshSecret    string     `json:"refreshSecret"`
	RefreshSecretEnd unixMillis `json:"refreshSecretEndTime"`
	RequestSecret    string     `json:"requestSecret"`
	RequestSecretEnd unixMillis `json:"requestSecretEndTime"`
}

func (a sharingAnswer) secrets() (sharingSecrets, error) {
	var secrets sharingSecrets
	content, err := a.content()
	if err != nil {
		return secrets, err
	}
	if json.Unmarshal(content, &secrets) != nil || secrets.RequestSecret == "" || secrets.RequestSecretEnd.IsZero() {
		return sharingSecrets{}, answerIsNot("a set of secrets")
	}
	return secrets, nil
}

// unixMillis is a time in milliseconds since 1970, as a number (Z2) or, as other services write theirs, a text of digits.
type unixMillis struct{ time.Time }

// UnmarshalJSON reads the time.
func (m *unixMillis) UnmarshalJSON(text []byte) error {
	var digits string
	if json.Unmarshal(text, &digits) != nil {
		digits = string(text)
	}
	millis, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || millis <= 0 {
		return answerIsNot("a time in milliseconds")
	}
	m.Time = time.UnixMilli(millis)
	return nil
}
