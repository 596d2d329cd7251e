package tmri

import (
	"encoding/xml"
	"strings"
)

// wireRow is one row of an answer. It reads its columns token by token: a struct for each, as encoding/xml would fill by
// reflection, took a quarter of all memory that a query allocates.
type wireRow struct {
	cells  []cell
	nested bool // a column holds elements
}

type cell struct{ name, text string }

var _ xml.Unmarshaler = (*wireRow)(nil)

// UnmarshalXML implements [xml.Unmarshaler].
func (w *wireRow) UnmarshalXML(decoder *xml.Decoder, _ xml.StartElement) error {
	for {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if err := w.cell(decoder, strings.ToLower(token.Name.Local)); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// cell reads one column up to its end.
func (w *wireRow) cell(decoder *xml.Decoder, name string) error {
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.StartElement:
			w.nested = true
			if err := decoder.Skip(); err != nil {
				return err
			}
		case xml.EndElement:
			w.cells = append(w.cells, cell{name, text.String()})
			return nil
		}
	}
}

func (w *wireRow) row() (columns, error) {
	if w.nested {
		return nil, errNested
	}
	row := make(columns, len(w.cells))
	for _, cell := range w.cells {
		if _, twice := row[cell.name]; twice {
			return nil, errRepeated
		}
		row[cell.name] = cell.text
	}
	return row, nil
}
