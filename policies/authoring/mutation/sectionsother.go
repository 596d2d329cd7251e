package mutation

// study lets each bound of education go one further, and takes each letter out of what it says.
func (s *spoiler) study() {
	for _, step := range s.keys("study") {
		s.add(1, "study", step, "limit")
		s.add(1, "study", step, "mostReduced")
		for _, kind := range s.keys("study", step, "letters") {
			s.shorten("study", step, "letters", kind)
		}
	}
}

// breakGlass lets each operator have emergency access longer, oftener, anywhere, at any hour, alone, and to all fields.
func (s *spoiler) breakGlass() {
	s.add(1, "breakglass", "minutes")
	s.add(1, "breakglass", "confirmMinutes")
	s.add(1, "breakglass", "queries")
	for _, operator := range s.keys("breakglass", "operators") {
		path := []string{"breakglass", "operators", operator}
		below := func(name ...string) []string { return append(path[:3:3], name...) }
		s.add(1, below("daily")...)
		s.add(-1, below("hours", "from")...)
		s.add(1, below("hours", "until")...)
		s.remove(below("fields")...)
		if s.text(below("regions")...) != "all" {
			s.take("all", below("regions")...)
		}
		if at(s.draft.Data, below("secondPerson")...) == true {
			s.put("take false", false, below("secondPerson")...)
		}
		if at(s.draft.Data, below("confirms")...) == false {
			s.put("take true", true, below("confirms")...)
		}
	}
}
