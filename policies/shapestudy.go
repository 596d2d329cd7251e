package policies

import (
	"maps"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func studyShape() map[string]shape {
	letters := list(statusLetter)
	ground := record(map[string]shape{
		"code": studyGround, "article": text, "from": list(name("field of the verdict", asTexts(exchange.Fields(exchange.StudyQuery))...)),
		"police": flag, "zh": text, "en": text,
	})
	way := record(map[string]shape{
		"code": name("way", "online", "onSite", "publicService"), "article": text, "minutes": all(whole, number(1, 24*60)),
		"days?": all(whole, number(1, 366)), "exam": flag, "points": all(whole, number(1, 12)), "zh": text, "en": text,
	})
	return map[string]shape{
		"basis": text, "limit": all(whole, number(1, 100)), "mostReduced": all(whole, number(1, 100)),
		"letters":  record(map[string]shape{"known": letters, "ended": letters, "full": letters, "open": letters, "barred": letters}),
		"grounds":  list(ground),
		"ways":     list(way),
		"notes":    list(record(map[string]shape{"article": text, "zh": text, "en": text})),
		"verdicts": record(map[string]shape{"eligible": named, "notEligible": named, "cannotTell": named}),
	}
}

// studyGrounds are the conditions that the rules know. A ground that is left out would not be looked at, and one that they don't know
// would never be clear.
func studyGrounds() []string {
	return []string{
		"licence_held", "points_below_limit", "points_recorded", "violations_handled", "reduction_left", "full_study_once",
		"no_grave_penalty", "licence_unrestricted", "vehicles_in_order", "no_cheating",
	}
}

func studyGround(c *checker, path string, value any) {
	name("ground", studyGrounds()...)(c, path, value)
}

// studyAgrees: every ground is told once, and a letter that says something is one whose meaning is known.
func studyAgrees(c *checker, path string, value any) {
	grounds, _ := member(value, "grounds").([]any)
	var codes []string
	for _, ground := range grounds {
		codes = append(codes, textAt(ground, "code"))
	}
	slices.Sort(codes)
	if !slices.Equal(codes, slices.Sorted(slices.Values(studyGrounds()))) {
		c.fault(join(path, "grounds"), "not every ground is told, or one twice")
	}
	kinds, _ := member(value, "letters").(map[string]any)
	known := texts(kinds, "known")
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		for i, letter := range texts(kinds, kind) {
			if !slices.Contains(known, letter) {
				c.fault(item(join(path, "letters"), kind, i), "%s is not among the known letters", letter)
			}
		}
	}
}

func statusLetter(c *checker, path string, value any) {
	if text, _ := value.(string); len(text) != 1 || text[0] < 'A' || text[0] > 'Z' {
		c.fault(path, "%v is no letter of a status", value)
	}
}

func calendarDay(c *checker, path string, value any) {
	text, _ := value.(string)
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		c.fault(path, "%v is no day yyyy-MM-dd in quotation marks", value)
	}
}
