package xmlpull

import "strings"

// xmlSpace is what the prefix xml stands for (Namespaces in XML §3).
const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// binding is one namespace declaration.
type binding struct{ prefix, uri string }

// startTag reads from < to >.
func (r *Reader) startTag() (Piece, error) {
	if len(r.open) == maxDepth {
		return Piece{}, ErrBounds
	}
	r.rest = r.rest[1:]
	raw, err := r.name()
	if err != nil {
		return Piece{}, err
	}
	begun := element{raw: raw, spaces: len(r.spaces)}
	if err := r.attributes(); err != nil {
		return Piece{}, err
	}
	if begun.name, err = r.resolve(raw); err != nil {
		return Piece{}, err
	}
	r.open, r.rooted = append(r.open, begun), true
	return Piece{Kind: Start, Name: begun.name}, nil
}

// endTag reads from </ to >. What encoding/xml compares is the name as written too, and the namespace follows from it.
func (r *Reader) endTag() (Piece, error) {
	r.rest = r.rest[2:]
	raw, err := r.name()
	if err != nil {
		return Piece{}, err
	}
	r.blanks()
	if !r.take(">") || len(r.open) == 0 || r.open[len(r.open)-1].raw != raw {
		return Piece{}, ErrXML
	}
	return r.end(), nil
}

// end closes the innermost element and forgets what it declared.
func (r *Reader) end() Piece {
	last := r.open[len(r.open)-1]
	r.open, r.spaces, r.empty = r.open[:len(r.open)-1], r.spaces[:last.spaces], false
	return Piece{Kind: End, Name: last.name}
}

// attributes reads up to the tag's end. Of attributes only namespace declarations are kept; the others must be well-formed.
func (r *Reader) attributes() error {
	for range maxAttributes + 1 {
		apart := r.blanks()
		switch {
		case r.take(">"):
			return nil
		case r.take("/>"):
			r.empty = true
			return nil
		case !apart:
			return ErrXML
		}
		if err := r.attribute(); err != nil {
			return err
		}
	}
	return ErrBounds
}

func (r *Reader) attribute() error {
	name, err := r.name()
	if err != nil {
		return err
	}
	r.blanks()
	if !r.take("=") {
		return ErrXML
	}
	r.blanks()
	value, err := r.quoted()
	if err != nil {
		return err
	}
	prefix, local, prefixed := strings.Cut(name, ":")
	switch {
	case prefixed && prefix == "xmlns":
		r.spaces = append(r.spaces, binding{local, value})
	case name == "xmlns":
		r.spaces = append(r.spaces, binding{"", value})
	}
	return nil
}

// quoted reads a value in quotation marks of either kind.
func (r *Reader) quoted() (string, error) {
	if r.rest == "" || r.rest[0] != '"' && r.rest[0] != '\'' {
		return "", ErrXML
	}
	end := strings.IndexByte(r.rest[1:], r.rest[0])
	if end < 0 {
		return "", ErrXML
	}
	raw := r.rest[1 : 1+end]
	r.rest = r.rest[end+2:]
	if strings.Contains(raw, "<") {
		return "", ErrXML
	}
	return unescaped(raw)
}

// resolve puts the namespace in place of the prefix.
func (r *Reader) resolve(raw string) (Name, error) {
	prefix, local, prefixed := strings.Cut(raw, ":")
	if !prefixed {
		prefix, local = "", raw
	}
	switch {
	case prefix == "xmlns" || raw == "xmlns": // reserved
		return Name{}, ErrXML
	case prefix == "xml":
		return Name{xmlSpace, local}, nil
	}
	for i := len(r.spaces) - 1; i >= 0; i-- {
		if r.spaces[i].prefix == prefix {
			return Name{r.spaces[i].uri, local}, nil
		}
	}
	return Name{prefix, local}, nil
}
