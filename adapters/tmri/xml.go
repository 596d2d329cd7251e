package tmri

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// readXML reads one whole document. A document type is refused: nothing here has one, and it is how entity bombs come in.
func readXML(text []byte, into any) error {
	if bytes.Contains(text, []byte("<!DOCTYPE")) {
		return errDoctype
	}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	if err := decoder.Decode(into); err != nil {
		return errXML
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
			return errFollowed
		}
	}
}
