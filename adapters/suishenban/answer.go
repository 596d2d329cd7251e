package suishenban

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// answer is what the library answers to every call (S1).
type answer struct {
	Success   *bool          `json:"success"`
	ErrorCode string         `json:"errorCode"`
	Data      jsontext.Value `json:"data"`
}

func decodeAnswer(body []byte) (answer, error) {
	var a answer
	if json.Unmarshal(body, &a) != nil || a.Success == nil {
		return answer{}, answerIsNot("an answer of the certificate library")
	}
	return a, nil
}

func (a answer) ok() bool { return a.Success != nil && *a.Success }

// session gives the session id of a log-in's answer.
func (a answer) session() (string, error) {
	var data struct {
		SessionID string `json:"sessionId"`
	}
	if json.Unmarshal(a.Data, &data) != nil || data.SessionID == "" {
		return "", answerIsNot("a session")
	}
	return data.SessionID, nil
}

// certificate gives the certUuid of an existence's answer, or NoRecord.
func (a answer) certificate() (string, error) {
	var data struct {
		Exist    *bool  `json:"exist"`
		CertUUID string `json:"certUuid"`
	}
	if json.Unmarshal(a.Data, &data) != nil || data.Exist == nil || *data.Exist && data.CertUUID == "" {
		return "", answerIsNot("a certificate's existence")
	}
	if !*data.Exist {
		return "", exchange.Errorf(exchange.NoRecord, "the library holds no such certificate")
	}
	return data.CertUUID, nil
}

// row gives the columns of an original data's answer. The face data of the certificate stand in for columns that it lacks.
func (a answer) row() (row.Columns, error) {
	columns, err := row.FromJSON(a.Data)
	if err != nil {
		return nil, err
	}
	if differ(columns["holdercode"], columns["sfzmhm"]) {
		return nil, answerIsNot("one person's: HOLDERCODE and SFZMHM differ")
	}
	for face, column := range map[string]string{
		"holdercode": "sfzmhm", "holdername": "xm", "validstartday": "yxqs", "validendday": "yxqz",
	} {
		if columns[column] == "" && columns[face] != "" {
			columns[column] = columns[face]
		}
	}
	return columns, nil
}

func differ(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && b != "" && !strings.EqualFold(a, b)
}

// answerIsNot is the failure of an answer that doesn't have the library's shape. What is wrong in it is not repeated: a JSON
// library's error may show a piece of the text.
func answerIsNot(shape string) error {
	return exchange.Errorf(exchange.SourceInvalid, "the answer is not %s", shape)
}
