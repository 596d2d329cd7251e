package xmlpull

import "strings"

// Kind says what a piece of a document is.
type Kind int

// The kinds.
const (
	Start Kind = iota + 1 // an element begins
	End                   // the innermost element ends
	Text                  // characters within an element; one text may come in several pieces
	Done                  // the document is over, and was well-formed
)

// Piece is one piece of a document.
type Piece struct {
	Kind Kind
	Name Name   // of Start and End
	Text string // of Text, unescaped
}

// Name is an element's name. Space is the namespace's URI; where a prefix stands for none it is the prefix, as in encoding/xml.
type Name struct{ Space, Local string }

// Reader reads one document. It belongs to one goroutine.
type Reader struct {
	rest   string
	open   []element
	spaces []binding
	empty  bool // the element that began last is one tag, such as <a/>: its end comes next
	rooted bool // the root has begun
}

// element is an open element.
type element struct {
	raw    string // its name as written, which its end must repeat
	name   Name
	spaces int // how many bindings held before it
}

// New begins a document. The encoding that the document declares is not believed: the services that this is for claim GBK in
// front of UTF-8. Bytes that are not UTF-8 are refused rather than tried as GBK, since most broken UTF-8 is some GBK and would
// show a citizen a name that is nobody's.
func New(document string) (*Reader, error) {
	if err := check(document); err != nil {
		return nil, err
	}
	r := &Reader{rest: strings.TrimPrefix(document, byteOrderMark), open: make([]element, 0, usualDepth)}
	return r, r.declaration()
}

// usualDepth is room for the elements of a usual answer.
const usualDepth = 8

// Next gives the next piece. After Done or an error it must not be called again.
func (r *Reader) Next() (Piece, error) {
	if r.empty {
		return r.end(), nil
	}
	for {
		if len(r.open) == 0 {
			if over, err := r.around(); over || err != nil {
				return Piece{Kind: Done}, err
			}
		}
		switch {
		case !strings.HasPrefix(r.rest, "<"):
			return r.text()
		case strings.HasPrefix(r.rest, "</"):
			return r.endTag()
		case strings.HasPrefix(r.rest, "<!--"), strings.HasPrefix(r.rest, "<?"):
			if err := r.skipped(); err != nil {
				return Piece{}, err
			}
		case strings.HasPrefix(r.rest, "<!"):
			return r.cdata()
		default:
			return r.startTag()
		}
	}
}
