package personal

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a text as far as it can be part of a number: decimal digits of any script as 0-9, X, and other for what ends a
// number. What people put between digits (blanks, punctuation, characters that nobody sees) is left out.
type folded struct {
	characters []byte
	places     []textPlace // of each character
}

// textPlace says where in the text a character of the fold stands.
type textPlace struct {
	start, end int  // in bytes
	apart      bool // something that was left out stands before it
}

// other is a letter that no number has.
const other = '.'

func fold(text string) folded {
	f := folded{characters: make([]byte, 0, len(text)), places: make([]textPlace, 0, len(text))}
	place := textPlace{}
	for place.start < len(text) {
		r, size := utf8.DecodeRuneInString(text[place.start:])
		place.end = place.start + size
		taken := f.take(r, text[place.start:place.end], place)
		place = textPlace{start: place.end, apart: !taken}
	}
	return f
}

// take adds a character and reports whether it is one that counts. One that stands for others is taken apart into those
// (compatibility decomposition, UAX 15), such as ⑪ into two.
func (f *folded) take(r rune, text string, place textPlace) (taken bool) {
	if r < utf8.RuneSelf {
		return f.add(r, place)
	}
	parts := norm.NFKD.PropertiesString(text).Decomposition()
	if parts == nil {
		return f.add(r, place)
	}
	for _, part := range string(parts) {
		if f.add(part, place) {
			taken, place.apart = true, false
		}
	}
	return taken
}

func (f *folded) add(r rune, place textPlace) bool {
	character := foldedCharacter(r)
	if character == 0 {
		return false
	}
	f.characters, f.places = append(f.characters, character), append(f.places, place)
	return true
}

// foldedCharacter gives 0 for what is left out.
func foldedCharacter(r rune) byte {
	switch {
	case r >= '0' && r <= '9':
		return byte(r)
	case r == 'X' || r == 'x', r == 'Х' || r == 'х', r == 'Χ' || r == 'χ': // Latin, Cyrillic, Greek
		return 'X'
	case unicode.IsLetter(r):
		return visible(r)
	case unicode.IsDigit(r):
		return '0' + decimalDigit(r)
	case unicode.IsNumber(r):
		return other
	}
	return 0
}

// visible leaves out the letters that nobody sees, such as Hangul fillers.
func visible(letter rune) byte {
	if unicode.Is(unicode.Other_Default_Ignorable_Code_Point, letter) {
		return 0
	}
	return other
}

// decimalDigit gives the value of a digit: each script's ten stand together, from nought to nine (Unicode §4.6).
func decimalDigit(r rune) byte {
	value := byte(0)
	for value < 9 && unicode.IsDigit(r-1-rune(value)) {
		value++
	}
	return value
}
