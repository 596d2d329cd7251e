package mutation

import (
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func (s *spoiler) platforms() {
	for _, platform := range s.keys("platforms") {
		s.widen(operations(), "platforms", platform, "operations")
		if at(s.draft.Data, "platforms", platform, "fields") != nil {
			s.widen(s.disclosed("platforms", platform), "platforms", platform, "fields")
			s.remove("platforms", platform, "fields")
		}
		if s.text("platforms", platform, "region") != string(exchange.National) && s.text("platforms", platform, "standing") != "province" {
			s.take(string(exchange.National), "platforms", platform, "region")
		}
		if s.text("platforms", platform, "standing") != "authority" {
			s.take("authority", "platforms", platform, "standing")
		}
		if at(s.draft.Data, "platforms", platform, "identityCheck") == true {
			s.put("take false", false, "platforms", platform, "identityCheck")
		}
		s.grants(platform)
	}
}

// grants lowers the level of each purpose, lets it cross provincial borders, unmasks it, and grants those that are not granted.
func (s *spoiler) grants(platform string) {
	granted := s.keys("platforms", platform, "purposes")
	for _, purpose := range s.keys("purposes") {
		if !slices.Contains(granted, purpose) {
			s.put("grant it", map[string]any{"home": "sms"}, "platforms", platform, "purposes", purpose)
			continue
		}
		s.step(-1, "platforms", platform, "purposes", purpose, "home")
		s.step(-1, "platforms", platform, "purposes", purpose, "away")
		if at(s.draft.Data, "platforms", platform, "purposes", purpose, "away") == nil {
			s.take("face", "platforms", platform, "purposes", purpose, "away")
		}
		s.step(-1, "platforms", platform, "unmasked", purpose)
		if at(s.draft.Data, "platforms", platform, "unmasked", purpose) == nil {
			s.put("unmask it at face", "face", "platforms", platform, "unmasked", purpose)
		}
	}
}

func (s *spoiler) purposes() {
	for _, purpose := range s.keys("purposes") {
		s.widen(operations(), "purposes", purpose, "operations")
		s.shorten("purposes", purpose, "requires")
		s.widen([]string{"citizen", "unit", "gateway"}, "purposes", purpose, "operators")
		s.widen(s.keys("legalBases"), "purposes", purpose, "legalBases")
		s.widen(s.disclosed("purposes", purpose), "purposes", purpose, "fields")
		for _, standing := range s.keys("purposes", purpose, "byStanding") {
			s.widen(listAt(s.draft.Data, "purposes", purpose, "fields"), "purposes", purpose, "byStanding", standing)
		}
		s.remove("purposes", purpose, "byStanding")
		s.step(1, "purposes", purpose, "countsAs")
		if at(s.draft.Data, "purposes", purpose, "countsAs") == nil {
			s.take("sms", "purposes", purpose, "countsAs")
		}
	}
}

// disclosed gives the fields of the catalogue that the operations of a platform or purpose disclose: others make no difference there.
func (s *spoiler) disclosed(path ...string) []string {
	operations := listAt(s.draft.Data, append(path, "operations")...)
	var fields []string
	for _, field := range s.keys("fields") {
		of := listAt(s.draft.Data, "fields", field, "operations")
		if slices.ContainsFunc(of, func(operation string) bool { return slices.Contains(operations, operation) }) {
			fields = append(fields, field)
		}
	}
	return fields
}
