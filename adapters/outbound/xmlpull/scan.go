package xmlpull

import "strings"

// take passes over a mark if it stands next.
func (r *Reader) take(mark string) bool {
	rest, ok := strings.CutPrefix(r.rest, mark)
	r.rest = rest
	return ok
}

// blanks passes over blanks and reports whether there were any.
func (r *Reader) blanks() bool {
	i := 0
	for i < len(r.rest) && blank(r.rest[i]) {
		i++
	}
	r.rest = r.rest[i:]
	return i > 0
}

// name reads a name of ASCII characters (XML 1.0 §2.3) with at most one colon, which stands between characters.
func (r *Reader) name() (string, error) {
	i, colons := 0, 0
	for i < len(r.rest) && nameCharacter(r.rest[i]) {
		if r.rest[i] == ':' {
			colons++
		}
		i++
	}
	name := r.rest[:i]
	r.rest = r.rest[i:]
	if name == "" || !letter(name[0]) || colons > 1 || name[i-1] == ':' {
		return "", ErrXML
	}
	return name, nil
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }

func nameCharacter(c byte) bool {
	return letter(c) || c >= '0' && c <= '9' || c == ':' || c == '.' || c == '-'
}

// around passes over blanks outside of the root, where no other text may stand, and reports whether the document is over.
func (r *Reader) around() (over bool, err error) {
	r.blanks()
	switch {
	case r.rest == "" && !r.rooted:
		return false, ErrXML
	case r.rest == "":
		return true, nil
	case r.rest[0] != '<' || r.rooted:
		return false, ErrAround
	}
	return false, nil
}

// text reads characters up to the next tag.
func (r *Reader) text() (Piece, error) {
	end := strings.IndexByte(r.rest, '<')
	if end < 0 { // the document ends within an element
		return Piece{}, ErrXML
	}
	raw := r.rest[:end]
	r.rest = r.rest[end:]
	text, err := characters(raw)
	return Piece{Kind: Text, Text: text}, err
}

// cdata reads a CDATA section, which only stands within an element; all other declarations are refused.
func (r *Reader) cdata() (Piece, error) {
	if len(r.open) == 0 || !r.take("<![CDATA[") {
		return Piece{}, ErrXML
	}
	raw, rest, ended := strings.Cut(r.rest, "]]>")
	if !ended {
		return Piece{}, ErrXML
	}
	r.rest = rest
	return Piece{Kind: Text, Text: lineEnds(raw)}, nil
}

// skipped passes over a comment, in which no two hyphens may stand, or a processing instruction.
func (r *Reader) skipped() error {
	ended := false
	if r.take("<!--") {
		_, r.rest, ended = strings.Cut(r.rest, "--")
		if !ended || !r.take(">") {
			return ErrXML
		}
		return nil
	}
	r.take("<?")
	target, err := r.name()
	if err != nil || strings.EqualFold(target, "xml") {
		return ErrXML
	}
	if _, r.rest, ended = strings.Cut(r.rest, "?>"); !ended {
		return ErrXML
	}
	return nil
}

// declaration reads <?xml version="1.0" …?> where there is one. Nothing may stand before it but blanks, which XML does not
// permit and some servers write.
func (r *Reader) declaration() error {
	r.blanks()
	if !r.take("<?xml ") {
		return nil
	}
	r.blanks()
	if !r.take(`version="1.0"`) && !r.take(`version='1.0'`) {
		return ErrXML
	}
	_, rest, ended := strings.Cut(r.rest, "?>")
	if r.rest = rest; !ended {
		return ErrXML
	}
	return nil
}
