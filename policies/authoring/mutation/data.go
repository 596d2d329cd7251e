package mutation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/policies"
)

// spoiler makes mutants of data.
type spoiler struct {
	draft   *policies.Draft
	mutants []*Mutant
}

// ofData makes the mutants of all data: always so that more is let through than before.
func ofData(draft *policies.Draft) []*Mutant {
	s := spoiler{draft: draft}
	s.announcements()
	s.assurance()
	s.behalf()
	s.fields()
	s.limits()
	s.minors()
	s.platforms()
	s.providers()
	s.purposes()
	s.quotas()
	s.reporters()
	s.sensitivity()
	s.tiers()
	s.study()
	s.breakGlass()
	return s.mutants
}

// put puts another value at a path.
func (s *spoiler) put(what string, to any, path ...string) {
	name := strings.Join(path, ".")
	file, line := s.draft.Place(name)
	s.mutants = append(s.mutants, &Mutant{
		ID: fmt.Sprintf("%s: %s: %s", file, name, what), Place: fmt.Sprintf("%s:%d", file, line), focus: path,
		data: func() map[string]any { return with(s.draft.Data, to, path...).(map[string]any) },
	})
}

// take puts a text, or the like, where another is.
func (s *spoiler) take(to string, path ...string) { s.put("take "+to, to, path...) }

// widen adds each of the words to a list that lacks it.
func (s *spoiler) widen(words []string, path ...string) {
	list, _ := at(s.draft.Data, path...).([]any)
	for _, word := range words {
		if !slices.Contains(listAt(s.draft.Data, path...), word) {
			s.put("add "+word, slices.Concat(list, []any{word}), path...)
			last := s.mutants[len(s.mutants)-1]
			last.focus = append(slices.Clone(last.focus), word)
		}
	}
}

// shorten takes each item out of a list.
func (s *spoiler) shorten(path ...string) {
	list, _ := at(s.draft.Data, path...).([]any)
	for i, item := range list {
		s.put(fmt.Sprintf("drop %v", item), slices.Concat(list[:i], list[i+1:]), path...)
	}
}

// remove takes a member out, if it is there.
func (s *spoiler) remove(path ...string) {
	if at(s.draft.Data, path...) != nil {
		s.put("leave it out", gone{}, path...)
	}
}

// step moves a level in the order, up or down, if it can be.
func (s *spoiler) step(by int, path ...string) {
	levels := listAt(s.draft.Data, "assurance", "levels")
	now := slices.Index(levels, textAt(s.draft.Data, path...))
	if next := now + by; now >= 0 && next >= 0 && next < len(levels) {
		s.take(levels[next], path...)
	}
}

// add adds to a number.
func (s *spoiler) add(by float64, path ...string) {
	number, ok := at(s.draft.Data, path...).(json.Number)
	value, err := number.Float64()
	if !ok || err != nil || value+by < 0 {
		return
	}
	changed := json.Number(fmt.Sprintf("%.10g", value+by))
	s.put("take "+changed.String(), changed, path...)
}
