package policies

import "github.com/zhengqiao/zhengqiao/exchange"

// optionalSections may be left out: policies that were written before there were such rules, or that want none. Without behalf nobody
// asks in somebody's place, without minors nobody asks about a child but a guardian, and without quotas nothing is counted.
func optionalSections() []string { return []string{"behalf", "minors", "quotas"} }

// relation is one of the contract's.
func relation(c *checker, path string, value any) {
	name("relation", string(exchange.Guardian), string(exchange.Delegate))(c, path, value)
}

// oldest bounds ages in the data; nobody is as old.
const oldest = 200

func years() shape { return all(whole, number(0, oldest)) }

func behalfShape() map[string]shape {
	return map[string]shape{
		"zh": text, "en": text,
		"assurance":   level,
		"agentAge":    years(),
		"subjectAge":  record(map[string]shape{"from": years(), "below": years()}),
		"purposes":    list(keyOf("purposes", "purpose")),
		"standings":   list(standing),
		"limited":     flag,
		"longestDays": all(whole, number(1, 366*oldest)),
		"hidden":      list(keyOf("sensitivity", "class of sensitivity")),
		"asOwner":     flag,
	}
}

// behalfAgrees: there is an age at which one has such an agent.
func behalfAgrees(c *checker, path string, value any) {
	from, below := asNumber(member(value, "subjectAge", "from")), asNumber(member(value, "subjectAge", "below"))
	if from >= below {
		c.fault(join(path, "subjectAge"), "from %v is not below %v", from, below)
	}
}

func minorsShape() map[string]shape {
	return map[string]shape{
		"guardianAt": list(standing),
		"duties": dictionary(keyOf("purposes", "purpose"), record(map[string]shape{
			"standings":  list(standing),
			"operators":  list(name("operator", "unit", "gateway")),
			"legalBases": list(keyOf("legalBases", "legal basis")),
		})),
	}
}
