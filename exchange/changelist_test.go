package exchange

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPlacesAreOrderedByMomentThenKey(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 11, 24, 9, 0, 0, 0, Shanghai())
	ordered := []ChangePlace{
		{}, {Moment: early}, {Moment: early, Key: "1"}, {Moment: early.UTC(), Key: "2"}, {Moment: early.Add(time.Second)},
	}
	for i, a := range ordered {
		for k, b := range ordered {
			if a.Before(b) != (i < k) {
				t.Errorf("place %d before %d: %v", i, k, a.Before(b))
			}
		}
	}
}

func TestAPlacePrintsWithoutItsKey(t *testing.T) {
	t.Parallel()
	place := ChangePlace{Moment: time.Unix(0, 0), Key: "11010519491231002X"}
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(form, place); strings.Contains(text, place.Key) || !strings.Contains(text, "1970") {
			t.Errorf("%s: %s", form, text)
		}
	}
}

func TestAskOnce(t *testing.T) {
	t.Parallel()
	if AskedOnce(t.Context()) || !AskedOnce(AskOnce(t.Context())) {
		t.Error("the mark is not the context's")
	}
}
