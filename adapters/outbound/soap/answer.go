package soap

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Errors of reading. None quotes the answer.
var (
	errXML      = errors.New("the answer is not well-formed XML of the expected root")
	errUTF8     = errors.New("the answer is not UTF-8")
	errDoctype  = errors.New("the answer has a document type")
	errFollowed = errors.New("something follows the document")
	errResult   = errors.New("the envelope does not hold one returned text")
)

type envelope struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct {
		Results []result `xml:",any"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

type result struct {
	XMLName xml.Name
	Texts   []returned `xml:",any"`
}

type returned struct {
	Text   string     `xml:",chardata"`
	Nested []struct{} `xml:",any"`
}

// Returned gives the one text that a call's answer holds. Names are not compared: SOAP 1.1 §7.1 leaves the result element's
// name open, and look-alikes of the services use others. A SOAP fault is SourceDown, anything else that is not such an
// answer SourceInvalid.
func Returned(body []byte) (string, error) {
	var answer envelope
	if err := Decode(body, &answer); err != nil {
		return "", err
	}
	if len(answer.Body.Results) != 1 {
		return "", invalid(errResult)
	}
	only := answer.Body.Results[0]
	if only.XMLName == (xml.Name{Space: EnvelopeNamespace, Local: "Fault"}) {
		return "", exchange.Errorf(exchange.SourceDown, "the platform answered a SOAP fault")
	}
	if len(only.Texts) != 1 || len(only.Texts[0].Nested) > 0 {
		return "", invalid(errResult)
	}
	return only.Texts[0].Text, nil
}

// Decode reads one whole XML document as encoding/xml does. The encoding that the document declares is not believed: these
// services claim GBK in front of UTF-8. Bytes that are not UTF-8 are refused rather than tried as GBK, since most broken
// UTF-8 is some GBK and would show a citizen a name that is nobody's. A document type is refused: nothing here has one, and it
// is how entity bombs come in. Every error is SourceInvalid.
func Decode(document []byte, into any) error {
	if !utf8.Valid(document) {
		return invalid(errUTF8)
	}
	if bytes.Contains(document, []byte("<!DOCTYPE")) {
		return invalid(errDoctype)
	}
	decoder := xml.NewDecoder(bytes.NewReader(document))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	if err := decoder.Decode(into); err != nil {
		return invalid(errXML)
	}
	return atEnd(decoder)
}

func atEnd(decoder *xml.Decoder) error {
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if blank, ok := token.(xml.CharData); err != nil || !ok || len(bytes.TrimSpace(blank)) > 0 {
			return invalid(errFollowed)
		}
	}
}

func invalid(cause error) error { return exchange.Errorf(exchange.SourceInvalid, "%w", cause) }
