package client

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// stretchOf writes an answer with changes of these numbers.
func stretchOf(first, last uint64, more bool, numbers ...uint64) []byte {
	var changes []string
	for _, number := range numbers {
		changes = append(changes, fmt.Sprintf(`{"number":%d,"licence":"a","version":1,"events":[{"kind":"replaced"}],"region":"310000","happenedAt":"2026-11-24T01:29:00Z","origin":"x","via":["y"]}`, number))
	}
	return fmt.Appendf(nil, `{"feed":{"changes":[%s],"first":%d,"next":"7.3.89abcdef","last":%d,"more":%t}}`, strings.Join(changes, ","), first, last, more)
}

func TestStretchProvesThatNothingIsMissing(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		body []byte
		gap  bool
	}{
		"whole":                 {stretchOf(5, 7, false, 5, 6, 7), false},
		"more to come":          {stretchOf(5, 9, true, 5, 6, 7), false},
		"nothing new":           {stretchOf(5, 4, false), false},
		"one was left out":      {stretchOf(6, 7, false, 6, 7), true},
		"a hole":                {stretchOf(5, 7, false, 5, 7), true},
		"another order":         {stretchOf(5, 7, false, 6, 5, 7), true},
		"twice":                 {stretchOf(5, 7, false, 5, 5), true},
		"it goes back":          {stretchOf(4, 7, false, 4, 5, 6, 7), true},
		"the end is concealed":  {stretchOf(5, 9, false, 5, 6, 7), true},
		"more where none is":    {stretchOf(5, 7, true, 5, 6, 7), true},
		"it ends before it did": {stretchOf(5, 3, false), true},
		"beyond its end":        {stretchOf(5, 6, false, 5, 6, 7), true},
	} {
		page, err := readPage(row.body, FeedPlace{Number: 4})
		if errors.Is(err, ErrFeedGap) != row.gap || err == nil && page.Place.Cursor != "7.3.89abcdef" {
			t.Errorf("%s: %+v, %v", name, page, err)
		}
		if err != nil && len(page.Changes) > 0 {
			t.Errorf("%s: something was handed out", name)
		}
	}
}

// FuzzReadPage: what is handed out follows its place without a hole.
func FuzzReadPage(f *testing.F) {
	f.Add(stretchOf(5, 7, false, 5, 6, 7), uint64(4))
	f.Add(stretchOf(1, 0, false), uint64(0))
	f.Add([]byte(`{"feed":{"changes":[{}],"first":0,"last":18446744073709551615,"more":true,"next":"x"}}`), uint64(1<<64-1))
	f.Fuzz(func(t *testing.T, body []byte, number uint64) {
		page, err := readPage(body, FeedPlace{Number: number})
		if err != nil {
			return
		}
		for i, change := range page.Changes {
			if change.Number != number+uint64(i)+1 {
				t.Fatalf("%d stands in place %d behind %d", change.Number, i, number)
			}
		}
		if page.Place.Number != number+uint64(len(page.Changes)) || page.Place.Cursor == "" {
			t.Fatalf("place %+v", page.Place)
		}
	})
}
