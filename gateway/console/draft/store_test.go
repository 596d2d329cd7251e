package draft_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestDrafts: each person has his own, of one revision, and what is given out is a copy.
func TestDrafts(t *testing.T) {
	t.Parallel()
	var s draft.Store
	if err := errors.Join(s.Keep("li", "r1", "b", "2"), s.Keep("li", "r1", "a", "1"), s.Keep("wang", "r2", "a", "3")); err != nil {
		t.Fatal(err)
	}
	own := s.Of("li")
	if own.Base != "r1" || !slices.Equal(own.Paths(), []string{"a", "b"}) || s.Of("wang").Files["a"] != "3" || s.Of("zhao").Base != "" {
		t.Errorf("%+v", own)
	}
	own.Files["a"] = "changed"
	if s.Of("li").Files["a"] != "1" {
		t.Error("a copy is none")
	}
	if err := s.Keep("li", "r2", "c", ""); !errors.Is(err, draft.ErrBase) || len(s.Of("li").Files) != 2 {
		t.Errorf("another revision: %v", err)
	}
	if err := s.Keep("li", "r1", "a", strings.Repeat("x", 600<<10)); !errors.Is(err, draft.ErrLarge) || s.Of("li").Files["a"] != "1" {
		t.Errorf("too large: %v", err)
	}
	s.Drop("li", "a")
	s.Drop("li", "b")
	s.Drop("wang", "")
	s.Drop("nobody", "")
	if s.Of("li").Base != "" || s.Of("wang").Base != "" {
		t.Error("something is left")
	}
}

// TestDraftsAreBounded: the one that was left alone for longest goes first.
func TestDraftsAreBounded(t *testing.T) {
	t.Parallel()
	var s draft.Store
	for i := range 64 {
		if err := s.Keep(fmt.Sprint(i), "r", "a", "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.Keep("0", "r", "a", "y"), s.Keep("more", "r", "a", "x")); err != nil {
		t.Fatal(err)
	}
	if s.Of("1").Base != "" || s.Of("0").Files["a"] != "y" || s.Of("more").Base == "" {
		t.Error("another one went")
	}
}
