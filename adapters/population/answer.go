package population

import (
	"encoding/xml"
	"errors"
	"strings"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/soap"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Errors of reading. None quotes the answer.
var (
	errRequest = errors.New("the answer belongs to another request")
	errRecords = errors.New("the answer does not hold one record")
	errPerson  = errors.New("the record is another person's than the one asked for")
	errMarks   = errors.New("the record's marks are neither 0 nor 1")
	errAlive   = errors.New("the record does not tell whether the person is alive")
)

type wireAnswer struct {
	XMLName xml.Name     `xml:"PACKAGE"`
	Number  string       `xml:"PACKAGEHEAD>FFQQBH"`
	Code    string       `xml:"PACKAGEHEAD>FHDM"`
	Records []wireRecord `xml:"DATA>RECORD"`
}

type wireRecord struct {
	Code          string `xml:"code,attr"`
	IDNumber      string `xml:"GMSFHM"`
	NumberMatches string `xml:"GMSFHM_PPDDM"`
	NameMatches   string `xml:"XM_PPDDM"`
	Deceased      string `xml:"SWBS"`
}

// readVerdict reads the answer to the request of that number about that person.
func (r *register) readVerdict(body []byte, number, idNumber string) (exchange.IdentityVerdict, error) {
	text, err := soap.Returned(body)
	if err != nil {
		return "", err
	}
	var answer wireAnswer
	if err := soap.Decode([]byte(strings.TrimSpace(text)), &answer); err != nil {
		return "", err
	}
	if code := strings.TrimSpace(answer.Code); code != "10" && code != "11" { // both are success
		return "", r.config.Failures.Error(code)
	}
	switch {
	case answer.Number != number:
		return "", invalid(errRequest)
	case len(answer.Records) != 1:
		return "", invalid(errRecords)
	case !strings.EqualFold(strings.TrimSpace(answer.Records[0].IDNumber), idNumber):
		return "", invalid(errPerson)
	}
	return r.verdict(answer.Records[0])
}

// verdict keeps "there is no such person" apart from "the name is another's". Whether the person is alive is told only to
// those who know the name: a wrong one must not become a way to learn of a death.
func (r *register) verdict(record wireRecord) (exchange.IdentityVerdict, error) {
	if code := strings.TrimSpace(record.Code); code != "" {
		return r.unanswered(code)
	}
	number, numberKnown := mark(record.NumberMatches)
	name, nameKnown := mark(record.NameMatches)
	alive := strings.TrimSpace(record.Deceased)
	switch {
	case !numberKnown || !nameKnown:
		return "", invalid(errMarks)
	case alive == "":
		return "", invalid(errAlive)
	case !number || !name:
		return exchange.IdentityDiffers, nil
	case alive != "0":
		return exchange.IdentityIsDeceased, nil
	}
	return exchange.IdentityMatches, nil
}

func (r *register) unanswered(code string) (exchange.IdentityVerdict, error) {
	err := r.config.RecordFailures.Error(code)
	switch exchange.CodeOf(err) {
	case exchange.NoRecord, exchange.IdentityUnknown:
		return exchange.IdentityNoRecord, nil
	case exchange.IdentityMismatch:
		return exchange.IdentityDiffers, nil
	case exchange.SubjectDeceased:
		return exchange.IdentityIsDeceased, nil
	}
	return "", err
}

func mark(text string) (yes, known bool) {
	text = strings.TrimSpace(text)
	return text == "1", text == "1" || text == "0"
}

func invalid(cause error) error { return exchange.Errorf(exchange.SourceInvalid, "%w", cause) }
