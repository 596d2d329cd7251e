package gateway

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/specs"
	"pgregory.net/rapid"
)

// contractPatterns gives every expression that stands in the contract.
func contractPatterns(t testing.TB) []string {
	t.Helper()
	var list []string
	for _, found := range regexp.MustCompile(`pattern: '([^']+)'`).FindAllSubmatch(specs.OpenAPI(), -1) {
		list = append(list, strings.TrimSpace(string(found[1])))
	}
	slices.Sort(list)
	if list = slices.Compact(list); len(list) < 20 {
		t.Fatalf("only %d expressions found in the contract", len(list))
	}
	return list
}

// A pattern matches what its expression matches, walked or not: texts made to match, texts cut, joined and made otherwise.
func TestPatternsAreTheirExpressions(t *testing.T) {
	t.Parallel()
	for _, text := range contractPatterns(t) {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			p, err := compilePattern(text)
			if err != nil {
				t.Fatal(err)
			}
			rapid.Check(t, func(t *rapid.T) {
				given := rapid.OneOf(rapid.StringMatching(text), rapid.String(), rapid.StringMatching(`[0-9A-Za-z.:/@+*TZ=_-]{0,70}`)).Draw(t, "text")
				given = strings.ToValidUTF8(given, "?")
				given = given[rapid.IntRange(0, min(1, len(given))).Draw(t, "cut"):]
				if got, want := p.matches([]byte(given)), p.whole.MatchString(given); utf8.ValidString(given) && got != want {
					t.Fatalf("%q: %v, the expression says %v", given, got, want)
				}
			})
		})
	}
}

// Which expressions are walked: else they are all for the slow way and nobody notices.
func TestUsualPatternsAreWalked(t *testing.T) {
	t.Parallel()
	for text, matching := range map[string]string{
		`^[^\x00-\x1F\x7F]+$`:                  "古丽·买买提",
		`^[0-9]{17}[0-9Xx]$`:                   "11010519491231002X",
		`^[0-9]{2}0{4}$`:                       "310000",
		`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`:         "2027-05-09",
		`^[0-9A-Za-z][0-9A-Za-z._:/@-]{0,63}$`: "a:b/c",
	} {
		p, err := compilePattern(text)
		if err != nil || !p.walks([]byte(matching)) || p.walks([]byte(matching+"\n")) {
			t.Errorf("%s: %v, not walked by %q alone", text, err, matching)
		}
	}
}

// Forms that steps can't say are left to the expression whole.
func TestOtherPatternsAreNotWalked(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`^(a|b)c$`, `[0-9]+`, `^[0-9]+`, `[0-9]+$`, `^[一-十]$`, `(?i)^abc$`, `^a?$`, `^a*$`, `(?m)^a$`, ``, `^$`, `^`} {
		p, err := compilePattern(text)
		if err != nil || p.walks([]byte("5")) || p.walks(nil) || p.walks([]byte("abc")) {
			t.Errorf("%s: %v, or walked", text, err)
		}
		for _, given := range []string{"", "5", "a", "ac", "ABC", "一", "a\na"} {
			if p.matches([]byte(given)) != p.whole.MatchString(given) {
				t.Errorf("%s differs on %q", text, given)
			}
		}
	}
}

func BenchmarkPattern(b *testing.B) {
	p, err := compilePattern(`^[0-9]{17}[0-9Xx]$`)
	if err != nil {
		b.Fatal(err)
	}
	text := []byte("11010519491231002X")
	b.Run("expression", func(b *testing.B) {
		for b.Loop() {
			p.whole.Match(text)
		}
	})
	b.Run("walked", func(b *testing.B) {
		for b.Loop() {
			p.matches(text)
		}
	})
}
