package reconcile

import (
	"bytes"
	"encoding/hex"
	"iter"
	"slices"
	"strings"
)

// key is a licence's key in half its length: the usual one is a pseudonym of 64 hexadecimal digits. Any other key keeps its text in
// long, which costs more.
type key struct {
	short [32]byte
	long  string
}

func pack(licence string) key {
	var k key
	if len(licence) == 2*len(k.short) {
		if _, err := hex.Decode(k.short[:], []byte(licence)); err == nil && hex.EncodeToString(k.short[:]) == licence {
			return k
		}
	}
	return key{long: licence}
}

func (k key) String() string {
	if k.long != "" {
		return k.long
	}
	return hex.EncodeToString(k.short[:])
}

// compare orders keys as their texts are ordered, which is the order in which platforms list what they hold.
func (k key) compare(other key) int {
	if k.long == "" && other.long == "" {
		return bytes.Compare(k.short[:], other.short[:])
	}
	return strings.Compare(k.String(), other.String())
}

// packed is a list of keys.
type packed []key

func (p packed) sort() { slices.SortFunc(p, key.compare) }

func (p packed) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, k := range p {
			if !yield(k.String()) {
				return
			}
		}
	}
}
