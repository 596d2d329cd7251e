package gateway

import (
	"regexp"
	"regexp/syntax"
	"unicode/utf8"
)

// pattern is a regular expression of the contract. Most say "this many of these characters, then that many of those"; a text that
// takes such steps greedily to its end matches, and is found to in a fraction of the time. Any other text is for the expression.
type pattern struct {
	whole *regexp.Regexp
	steps []step // nil: not of this form
}

// step is a run of characters of one class.
type step struct {
	class       [utf8.RuneSelf]bool
	beyond      bool // all characters that are not ASCII belong to it too
	least, most int
}

func compilePattern(text string) (*pattern, error) {
	whole, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	return &pattern{whole, stepsOf(tree)}, nil
}

// stepsOf gives nil unless the expression is ^, steps, $.
func stepsOf(tree *syntax.Regexp) []step {
	last := len(tree.Sub) - 1
	if tree.Op != syntax.OpConcat || tree.Sub[0].Op != syntax.OpBeginText || tree.Sub[last].Op != syntax.OpEndText {
		return nil
	}
	var steps []step
	for _, part := range tree.Sub[1:last] {
		one, ok := stepIn(part)
		if !ok {
			return nil
		}
		steps = append(steps, one)
	}
	return steps
}

func stepIn(part *syntax.Regexp) (one step, ok bool) {
	least, most := 1, 1
	switch part.Op {
	case syntax.OpPlus:
		part, most = part.Sub[0], unbounded
	case syntax.OpRepeat:
		least, most = part.Min, part.Max
		if part = part.Sub[0]; most < 0 {
			most = unbounded
		}
	}
	ranges := part.Rune
	switch {
	case part.Op == syntax.OpLiteral && part.Flags&syntax.FoldCase == 0 && len(ranges) == 1:
		ranges = []rune{ranges[0], ranges[0]}
	case part.Op != syntax.OpCharClass:
		return step{}, false
	}
	one = step{least: least, most: most}
	return one, one.take(ranges)
}

// take fills the class from pairs of first and last characters. It refuses a class that divides what is not ASCII.
func (s *step) take(ranges []rune) bool {
	for i := 0; i < len(ranges); i += 2 {
		first, last := ranges[i], ranges[i+1]
		if last >= utf8.RuneSelf {
			if first > utf8.RuneSelf || last != utf8.MaxRune {
				return false
			}
			s.beyond = true
		}
		for c := first; c <= last && c < utf8.RuneSelf; c++ {
			s.class[c] = true
		}
	}
	return true
}

// matches tells of a text in UTF-8 whether the expression matches it.
func (p *pattern) matches(text []byte) bool { return p.walks(text) || p.whole.Match(text) }

func (p *pattern) walks(text []byte) bool {
	for i := range p.steps {
		length := p.steps[i].run(text)
		if length < 0 {
			return false
		}
		text = text[length:]
	}
	return p.steps != nil && len(text) == 0
}

// run gives the length in bytes of the longest run that a text begins with, negative if it is too short.
func (s *step) run(text []byte) (length int) {
	count := 0
	for ; length < len(text) && count < s.most; count++ {
		c := text[length]
		if c < utf8.RuneSelf && s.class[c] {
			length++
			continue
		}
		if c < utf8.RuneSelf || !s.beyond {
			break
		}
		_, size := utf8.DecodeRune(text[length:])
		length += size
	}
	if count < s.least {
		return -1
	}
	return length
}
