package mutation

import (
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

func (s *spoiler) keys(path ...string) []string { return keysOf(at(s.draft.Data, path...)) }

func (s *spoiler) text(path ...string) string { return textAt(s.draft.Data, path...) }

func operations() []string { return asTexts(policies.Operations()) }

func asTexts[T ~string](list []T) []string {
	var texts []string
	for _, one := range list {
		texts = append(texts, string(one))
	}
	return texts
}

func (s *spoiler) announcements() {
	for _, standing := range s.keys("announcements") {
		s.widen(asTexts(exchange.Aspects()), "announcements", standing, "aspects")
		if s.text("announcements", standing, "regions") == "own" {
			s.take("all", "announcements", standing, "regions")
		}
		if s.text("announcements", standing, "rank") == "province" {
			s.take("authority", "announcements", standing, "rank")
		}
	}
	for _, standing := range []string{"channel", "third-party"} {
		if at(s.draft.Data, "announcements", standing) == nil {
			s.put("let them announce", at(s.draft.Data, "announcements", "province"), "announcements", standing)
		}
	}
}

func (s *spoiler) reporters() {
	for _, reporter := range s.keys("reporters") {
		if s.text("reporters", reporter, "standing") != "authority" {
			s.take("authority", "reporters", reporter, "standing")
			s.take("310000", "reporters", reporter, "region")
		}
	}
}

func (s *spoiler) assurance() {
	for _, method := range s.keys("assurance", "methods") {
		s.step(1, "assurance", "methods", method, "level")
		s.add(-0.01, "assurance", "methods", method, "similarity")
	}
	s.add(1, "assurance", "windowSeconds")
	s.step(-1, "assurance", "ownerLevel")
}

func (s *spoiler) providers() {
	for _, provider := range s.keys("providers") {
		s.widen(s.keys("assurance", "methods"), "providers", provider, "passOrFail")
	}
}

func (s *spoiler) limits() {
	s.add(-1, "limits", "ageOfConsent")
	s.add(1, "limits", "vehicles")
	s.take("^.*$", "limits", "unitPattern")
}

func (s *spoiler) tiers() {
	for _, tier := range s.keys("tiers") {
		s.add(1, "tiers", tier, "bound")
		s.add(-1, "tiers", tier, "floor")
		if s.text("tiers", tier, "onStale") == string(exchange.StaleRefuse) {
			s.take(string(exchange.StaleMark), "tiers", tier, "onStale")
		}
	}
}

func (s *spoiler) sensitivity() {
	for _, class := range s.keys("sensitivity") {
		first := len(s.mutants)
		s.step(-1, "sensitivity", class, "home")
		s.step(-1, "sensitivity", class, "away")
		if at(s.draft.Data, "sensitivity", class, "away") == nil {
			s.take("face", "sensitivity", class, "away")
		}
		for _, mutant := range s.mutants[first:] {
			mutant.focus = append(slices.Clone(mutant.focus), s.ofClass(class)...)
		}
	}
}

// ofClass gives the fields of a class of sensitivity.
func (s *spoiler) ofClass(class string) []string {
	return slices.DeleteFunc(s.keys("fields"), func(field string) bool { return s.text("fields", field, "sensitivity") != class })
}

// fields unmasks each mask there is, and puts each field in the class that most may see.
func (s *spoiler) fields() {
	for _, field := range s.keys("fields") {
		for _, kind := range s.keys("fields", field, "masks") {
			if s.text("fields", field, "masks", kind) != string(exchange.MaskNone) {
				s.take(string(exchange.MaskNone), "fields", field, "masks", kind)
			}
		}
		if s.text("fields", field, "sensitivity") != "status" {
			s.take("status", "fields", field, "sensitivity")
		}
		var disclosing []string
		for _, operation := range policies.Operations() {
			if slices.Contains(exchange.Fields(operation), exchange.Field(field)) {
				disclosing = append(disclosing, string(operation))
			}
		}
		s.widen(disclosing, "fields", field, "operations")
	}
}
