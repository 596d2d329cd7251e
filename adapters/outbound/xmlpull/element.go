package xmlpull

import "strings"

// Skip passes over the rest of the innermost element, its end included; where none is open, over the rest of the document.
func (r *Reader) Skip() error {
	for depth := len(r.open); len(r.open) >= depth; {
		if piece, err := r.Next(); err != nil || piece.Kind == Done {
			return err
		}
	}
	return nil
}

// Children hands each element directly in the innermost one to read, which must read it up to its end; the innermost element's
// own end included. Texts between them are passed over.
func (r *Reader) Children(read func(Name) error) error {
	for {
		piece, err := r.Next()
		if err == nil && piece.Kind == Start {
			err = read(piece.Name)
		}
		if err != nil || piece.Kind == End {
			return err
		}
	}
}

// Content gives the text directly in the innermost element and whether it holds elements, which are passed over; the element's
// end included.
func (r *Reader) Content() (text string, nested bool, err error) {
	var all pieces
	for {
		piece, err := r.Next()
		if err == nil && piece.Kind == Start {
			nested, err = true, r.Skip()
		}
		switch {
		case err != nil:
			return "", false, err
		case piece.Kind == End:
			return all.text(), nested, nil
		case piece.Kind == Text:
			all.add(piece.Text)
		}
	}
}

// pieces puts a text together. Nearly always it is one piece, which is not copied.
type pieces struct {
	only string
	more strings.Builder
}

func (p *pieces) add(text string) {
	switch {
	case p.only == "" && p.more.Len() == 0:
		p.only = text
	case p.more.Len() == 0:
		p.more.WriteString(p.only)
		fallthrough
	default:
		p.more.WriteString(text)
	}
}

func (p *pieces) text() string {
	if p.more.Len() == 0 {
		return p.only
	}
	return p.more.String()
}
