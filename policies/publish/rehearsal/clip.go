package rehearsal

import (
	"strings"
)

// lines gives an error's lines, bounded.
func lines(err error) []string {
	all := strings.Split(err.Error(), "\n")
	return clipped(all[:min(len(all), maxFaults)])
}

func clipped(all []string) []string {
	kept := make([]string, 0, min(len(all), maxGains))
	for _, one := range all[:min(len(all), maxGains)] {
		kept = append(kept, clip(one))
	}
	return kept
}

// maxGains is how many gains a verdict names; who must know all of them looks at the matrix.
const maxGains = 50

// clip bounds a text and takes control characters out of it, with which it could pretend to be something else in a log.
func clip(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
	return strings.ToValidUTF8(text[:min(len(text), maxFaultBytes/2)], "")
}
