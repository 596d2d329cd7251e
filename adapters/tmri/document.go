package tmri

import "github.com/zhengqiao/zhengqiao/adapters/outbound/xmlpull"

// wireDocument is what was read of an answer's document: <root><head/><body/></root>.
type wireDocument struct {
	reader    *xmlpull.Reader
	code      headline
	announced headline // rownum
	maxRows   int
	count     int       // of rows
	rows      []columns // up to maxRows of them
	fault     error     // the first thing wrong with a row; of a failure, nobody looks at rows
}

// headline is one text of the head.
type headline struct {
	text  string
	given bool
}

// readDocument reads a whole document.
func readDocument(text string, maxRows int) (*wireDocument, error) {
	reader, err := xmlpull.New(text)
	if err != nil {
		return nil, err
	}
	d := &wireDocument{reader: reader, maxRows: maxRows}
	root, err := reader.Next()
	if err != nil {
		return nil, err
	}
	if root.Name.Local != "root" {
		return nil, errRoot
	}
	if err := reader.Children(d.part); err != nil {
		return nil, err
	}
	_, err = reader.Next() // nothing follows
	return d, err
}

func (d *wireDocument) part(name xmlpull.Name) error {
	switch name.Local {
	case "head":
		return d.reader.Children(d.headPart)
	case "body":
		return d.reader.Children(d.row)
	}
	return d.reader.Skip()
}

func (d *wireDocument) headPart(name xmlpull.Name) error {
	switch name.Local {
	case "code":
		return d.code.read(d.reader)
	case "rownum":
		return d.announced.read(d.reader)
	}
	return d.reader.Skip()
}

func (h *headline) read(r *xmlpull.Reader) error {
	text, nested, err := r.Content()
	if err == nil && (nested || h.given) {
		err = errHead
	}
	*h = headline{text, true}
	return err
}
