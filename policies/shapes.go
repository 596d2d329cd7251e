package policies

import (
	"maps"
	"math"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// sections are the top-level keys of the data, each with its shape. All but those of [optionalSections] must be there, and no others:
// what a rule reads under a misspelt name is undefined, and an undefined condition can open a field as well as close it.
func sections() map[string]shape {
	return map[string]shape{
		"platforms":   dictionary(text, all(record(platformShape()), platformAgrees)),
		"purposes":    dictionary(text, all(record(purposeShape()), purposeAgrees)),
		"fields":      dictionary(text, all(record(fieldShape()), fieldAgrees)),
		"sensitivity": dictionary(text, record(map[string]shape{"zh": text, "en": text, "home": level, "away?": level})),
		"assurance":   record(assuranceShape()),
		"providers":   dictionary(text, record(map[string]shape{"zh": text, "en": text, "passOrFail": list(method)})),
		"tiers":       dictionary(tier, all(record(tierShape()), tierAgrees)),
		"limits": record(map[string]shape{
			"ageOfConsent": all(whole, number(0, 150)), "vehicles": all(whole, number(1, 1000)), "unitPattern": pattern,
		}),
		"legalBases":    dictionary(text, named),
		"reasons":       dictionary(text, named),
		"announcements": dictionary(standing, record(announcementShape())),
		"study":         dictionary(calendarDay, all(record(studyShape()), studyAgrees)),
		"breakglass":    record(breakGlassShape()),
		"reporters":     dictionary(text, record(map[string]shape{"standing": standing, "region": region})),
		"behalf":        dictionary(relation, all(record(behalfShape()), behalfAgrees)),
		"minors":        record(minorsShape()),
		"quotas":        record(quotasShape()),
	}
}

// named is an entry that consists of its names, or texts, in both languages.
func named(c *checker, path string, value any) {
	record(map[string]shape{"zh": text, "en": text})(c, path, value)
}

func platformShape() map[string]shape {
	return map[string]shape{
		"zh": text, "en": text,
		"region":        region,
		"standing":      standing,
		"tier":          keyOf("tiers", "tier"),
		"identityCheck": flag,
		"operations":    list(operation),
		"fields?":       list(keyOf("fields", "field")),
		"purposes":      dictionary(keyOf("purposes", "purpose"), record(map[string]shape{"home": level, "away?": level})),
		"unmasked?":     dictionary(keyOf("purposes", "purpose"), level),
	}
}

func purposeShape() map[string]shape {
	return map[string]shape{
		"zh": text, "en": text,
		"operations": list(operation),
		"requires":   list(name("part of a purpose", "matter", "matterName", "case", "operator", "unit", "unitName")),
		"operators":  list(name("operator", "citizen", "unit", "gateway")),
		"legalBases": list(keyOf("legalBases", "legal basis")),
		"fields":     list(keyOf("fields", "field")),
		"countsAs?":  level, "byStanding?": dictionary(standing, list(keyOf("fields", "field"))),
	}
}

func fieldShape() map[string]shape {
	return map[string]shape{
		"operations": list(operation), "column": text, "zh": text, "en": text,
		"sensitivity": keyOf("sensitivity", "class of sensitivity"),
		"masks":       record(map[string]shape{"usual": mask, "owner?": mask, "thirdParty?": mask}),
	}
}

func assuranceShape() map[string]shape {
	return map[string]shape{
		"levels":        all(list(knownLevel), levelsRise),
		"methods":       dictionary(method, record(map[string]shape{"level": level, "similarity": number(0, 1)})),
		"windowSeconds": all(whole, number(1, 24*60*60)),
		"ownerLevel":    level,
	}
}

func tierShape() map[string]shape {
	return map[string]shape{
		"zh": text, "en": text, "bound": number(0, math.MaxInt32), "floor": number(0, math.MaxInt32),
		"onStale": name("action", string(exchange.StaleRefuse), string(exchange.StaleMark)),
	}
}

// announcementShape says of a standing what it may announce, and where.
func announcementShape() map[string]shape {
	return map[string]shape{
		"rank":    name("rank", slices.Collect(maps.Keys(ranks()))...),
		"aspects": list(name("aspect", asTexts(exchange.Aspects())...)),
		"regions": name("reach", "all", "own"),
	}
}

// operation is one that a decision is made on.
func operation(c *checker, path string, value any) {
	name("operation", asTexts(operations())...)(c, path, value)
}

func standing(c *checker, path string, value any) {
	name("standing", "authority", "province", "channel", "third-party")(c, path, value)
}

// knownLevel is a level of the contract's answers; level one that the data puts in order.
func knownLevel(c *checker, path string, value any) {
	name("level", "none", "phone", "account", "sms", "bankcard", "face")(c, path, value)
}

// method is a way of authenticating that the contract takes.
func method(c *checker, path string, value any) {
	name("method", "phone", "account", "sms", "voice", "bankcard", "face")(c, path, value)
}

// tier is a tier of the contract's answers.
func tier(c *checker, path string, value any) {
	name("tier", "realtime", "daily", "weekly")(c, path, value)
}

func mask(c *checker, path string, value any) {
	if text, _ := value.(string); !exchange.Mask(text).Known() {
		c.fault(path, "%v is no mask", value)
	}
}

// region is a provincial division or the whole country (GB/T 2260).
func region(c *checker, path string, value any) {
	text, _ := value.(string)
	if code := exchange.Region(text); !code.Provincial() && code != exchange.National {
		c.fault(path, "%v is no region in quotation marks", value)
	}
}
