package soap

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/xmlpull"
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

// Returned gives the one text that a call's answer holds. Names are not compared: SOAP 1.1 §7.1 leaves the result element's
// name open, and look-alikes of the services use others. A SOAP fault is SourceDown, anything else that is not such an
// answer SourceInvalid.
func Returned(body []byte) (string, error) {
	reader, err := xmlpull.New(string(body))
	if err != nil {
		return "", invalid(err)
	}
	var read envelope
	if err := read.readFrom(reader); err != nil {
		return "", invalid(err)
	}
	return read.returned()
}

// envelope is what an answer's envelope holds, of all bodies together.
type envelope struct {
	results int // elements in the bodies
	fault   bool
	texts   int // elements in the results
	nested  bool
	text    string
}

// readFrom reads a whole document.
func (e *envelope) readFrom(r *xmlpull.Reader) error {
	root, err := r.Next()
	if err != nil {
		return err
	}
	if root.Name != (xmlpull.Name{Space: EnvelopeNamespace, Local: "Envelope"}) {
		return errXML
	}
	if err := r.Children(func(part xmlpull.Name) error {
		if part != (xmlpull.Name{Space: EnvelopeNamespace, Local: "Body"}) {
			return r.Skip()
		}
		return r.Children(func(result xmlpull.Name) error { return e.result(r, result) })
	}); err != nil {
		return err
	}
	_, err = r.Next() // nothing follows
	return err
}

func (e *envelope) result(r *xmlpull.Reader, name xmlpull.Name) error {
	e.results++
	e.fault = name == xmlpull.Name{Space: EnvelopeNamespace, Local: "Fault"}
	return r.Children(func(xmlpull.Name) (err error) {
		e.texts++
		e.text, e.nested, err = r.Content()
		return err
	})
}

func (e *envelope) returned() (string, error) {
	switch {
	case e.results == 1 && e.fault:
		return "", exchange.Errorf(exchange.SourceDown, "the platform answered a SOAP fault")
	case e.results != 1 || e.texts != 1 || e.nested:
		return "", invalid(errResult)
	}
	return e.text, nil
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
