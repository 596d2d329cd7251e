package tmri

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
)

// The answer as encoding/xml reads it, to judge our own reading by.

type judgedEnvelope struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct {
		Results []struct {
			XMLName xml.Name
			Texts   []struct {
				Text string `xml:",chardata"`
			} `xml:",any"`
		} `xml:",any"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

type judgedDocument struct {
	XMLName xml.Name `xml:"root"`
	Code    string   `xml:"head>code"`
	Body    struct {
		Rows []struct {
			Cells []struct {
				XMLName xml.Name
				Text    string `xml:",chardata"`
			} `xml:",any"`
		} `xml:",any"`
	} `xml:"body"`
}

func judge(body []byte) (answer, error) {
	var envelope judgedEnvelope
	if err := judgeXML(string(body), &envelope); err != nil {
		return answer{}, err
	}
	if len(envelope.Body.Results) != 1 || len(envelope.Body.Results[0].Texts) != 1 {
		return answer{}, errors.New("not one text")
	}
	text, err := url.QueryUnescape(strings.TrimSpace(envelope.Body.Results[0].Texts[0].Text))
	if err != nil {
		return answer{}, err
	}
	var document judgedDocument
	if err := judgeXML(text, &document); err != nil {
		return answer{}, err
	}
	read := answer{code: strings.TrimSpace(document.Code)}
	if read.code != codeSuccess {
		return read, nil
	}
	for _, wire := range document.Body.Rows {
		row := columns{}
		for _, one := range wire.Cells {
			row = append(row, newCell(strings.ToLower(one.XMLName.Local), one.Text))
		}
		read.rows = append(read.rows, row)
	}
	return read, nil
}

func judgeXML(document string, into any) error {
	decoder := xml.NewDecoder(strings.NewReader(document))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	return decoder.Decode(into)
}
