package feed

import (
	"errors"
	"strings"
	"testing"
)

// FuzzParseCursor: what is read can be written again as it was, and names a place that can exist.
func FuzzParseCursor(f *testing.F) {
	for _, seed := range []string{"0.0.00000000", "17.3.89abcdef", "256.1.00000000", "257.1.00000000", "01.1.00000000", "1.2.00000000", "9999999999999999.1.00000000", "", "..", "1.1.0000000G"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCursor(text)
		if err != nil {
			if !errors.Is(err, ErrCursor) {
				t.Fatalf("error %v", err)
			}
			return
		}
		if c.String() != text || c.batch > c.number || c.number > maxNumber {
			t.Fatalf("%q read as %+v", text, c)
		}
	})
}

// FuzzDecodeBatch: what is read has numbers in a row, each of a licence and a version; an error quotes nothing.
func FuzzDecodeBatch(f *testing.F) {
	for _, seed := range []string{
		`{"v":1,"first":17,"changes":[{"licence":"a","version":1,"events":[{"kind":"status.added","letter":"B"}],"region":"310000","happenedAt":"2026-11-24T04:00:00Z","origin":"x","via":["y"]}]}`,
		`{"v":2,"first":1,"changes":[{"licence":"a","version":1}]}`, `{"v":1,"first":0,"changes":[{"licence":"a","version":1}]}`, `{"v":1,"first":1}`,
		`{"v":1,"first":9007199254740991,"changes":[{"licence":"a","version":1}]}`, `{"v":1,"first":1,"changes":[{"licence":"11010519491231002X"}]}`, "null", "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		b, err := decodeBatch(plain)
		if err != nil {
			if !errors.Is(err, ErrUnreadable) || strings.Contains(err.Error(), "19491231") {
				t.Fatalf("error %v", err)
			}
			return
		}
		for i, c := range b.Changes {
			if c.Number != b.First+uint64(i) || c.Licence == "" || c.Version == 0 {
				t.Fatalf("change %d: %+v", i, c)
			}
		}
		if b.last() > maxNumber || b.last() < b.First {
			t.Fatalf("from %d to %d", b.First, b.last())
		}
	})
}
