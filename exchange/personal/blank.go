package personal

import "unicode"

// Blank reports whether nobody would see anything of a text: blanks of any width, control and format characters.
func Blank(text string) bool {
	for _, r := range text {
		if !unicode.In(r, unicode.White_Space, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Other_Default_Ignorable_Code_Point) {
			return false
		}
	}
	return true
}
