package fault

import (
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Plan is what goes wrong in one call. The nil plan is a call in which nothing does.
type Plan []Fault

// Get finds the fault of a kind.
func (p Plan) Get(kind Kind) (Fault, bool) {
	for _, fault := range p {
		if fault.Kind == kind {
			return fault, true
		}
	}
	return Fault{}, false
}

// Has tells whether a fault of a kind applies.
func (p Plan) Has(kind Kind) bool {
	_, has := p.Get(kind)
	return has
}

// Duration gives the duration of a kind, 0 when it does not apply.
func (p Plan) Duration(kind Kind) time.Duration {
	fault, _ := p.Get(kind)
	return fault.Duration
}

// Encode writes a text as the plan's encoding faults want it. A platform calls it on the text itself, before wrapping it
// into an envelope that would hide the bytes.
func (p Plan) Encode(text []byte) []byte {
	switch {
	case p.Has(GBK):
		return toGBK(text)
	case p.Has(InvalidUTF8):
		return breakCharacter(text)
	default:
		return text
	}
}

// toGBK writes what GBK has and puts a substitute for what it lacks, as a careless exporter does.
func toGBK(text []byte) []byte {
	converted, err := encoding.ReplaceUnsupported(simplifiedchinese.GBK.NewEncoder()).Bytes(text)
	if err != nil { // the text was no UTF-8 to begin with: leave it as it is
		return text
	}
	return converted
}

// breakCharacter spoils the last byte of the first character beyond ASCII; a text without one gets a bad byte in its middle.
func breakCharacter(text []byte) []byte {
	for position := 0; position < len(text); {
		_, size := utf8.DecodeRune(text[position:])
		if size > 1 {
			broken := append([]byte(nil), text...)
			broken[position+size-1] = 0xFF
			return broken
		}
		position += size
	}
	middle := len(text) / 2
	return append(append(append([]byte(nil), text[:middle]...), 0xFF), text[middle:]...)
}
