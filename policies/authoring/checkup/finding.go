package checkup

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/agnivade/levenshtein"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Finding is one thing that is wrong.
type Finding struct {
	File string
	Line int // from 1; 0 if it is about no line
	Text exchange.Text
}

// Place is file and line.
func (f Finding) Place() string {
	if f.Line == 0 {
		return f.File
	}
	return fmt.Sprintf("%s:%d", f.File, f.Line)
}

func (f Finding) String() string {
	return fmt.Sprintf("%s: %s\n    %s", f.Place(), f.Text.EN, f.Text.ZH)
}

// sorted puts findings in the order in which they are written, each once.
func sorted(findings []Finding) []Finding {
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line, cmp.Compare(a.Text.EN, b.Text.EN))
	})
	return slices.Compact(findings)
}

// farthest is the share of a name that may be wrong for another to be taken for what was meant.
const farthest = 0.5

// hint names what was probably meant: the nearest of the names that there are.
func hint(name string, known []string) exchange.Text {
	best, nearest := -1, ""
	for _, other := range slices.Sorted(slices.Values(known)) {
		if far := levenshtein.ComputeDistance(name, other); best < 0 || far < best {
			best, nearest = far, other
		}
	}
	if best < 0 || float64(best) > farthest*float64(max(len(name), len(nearest))) {
		return exchange.Text{}
	}
	return exchange.Text{ZH: fmt.Sprintf("。是否应为 %q？", nearest), EN: fmt.Sprintf("; did you mean %q?", nearest)}
}
