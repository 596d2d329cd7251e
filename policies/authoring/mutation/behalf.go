package mutation

import "slices"

// behalf lets more people ask in somebody's place, for more, longer, and see more then.
func (s *spoiler) behalf() {
	for _, relation := range s.keys("behalf") {
		s.step(-1, "behalf", relation, "assurance")
		s.add(-1, "behalf", relation, "agentAge")
		s.add(-1, "behalf", relation, "subjectAge", "from")
		s.add(1, "behalf", relation, "subjectAge", "below")
		s.add(1, "behalf", relation, "longestDays")
		s.widen(s.keys("purposes"), "behalf", relation, "purposes")
		s.widen(s.standings(""), "behalf", relation, "standings")
		s.shorten("behalf", relation, "hidden")
		s.flip(true, "behalf", relation, "limited")
		s.flip(false, "behalf", relation, "asOwner")
	}
}

// minors let more people ask about a child without its guardian, or with him in more places.
func (s *spoiler) minors() {
	s.widen(s.standings(""), "minors", "guardianAt")
	for _, purpose := range s.keys("minors", "duties") {
		s.widen(s.standings(purpose), "minors", "duties", purpose, "standings")
		s.widen(listAt(s.draft.Data, "purposes", purpose, "operators"), "minors", "duties", purpose, "operators")
		s.widen(listAt(s.draft.Data, "purposes", purpose, "legalBases"), "minors", "duties", purpose, "legalBases")
	}
}

// standings gives those of the platforms that have the purpose; "": of all.
func (s *spoiler) standings(purpose string) []string {
	var found []string
	for _, platform := range s.keys("platforms") {
		if purpose == "" || slices.Contains(s.keys("platforms", platform, "purposes"), purpose) {
			found = append(found, s.text("platforms", platform, "standing"))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// flip puts a flag that is from to the other side.
func (s *spoiler) flip(from bool, path ...string) {
	if now, ok := at(s.draft.Data, path...).(bool); ok && now == from {
		s.put("turn it round", !from, path...)
	}
}
