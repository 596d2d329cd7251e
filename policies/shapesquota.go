package policies

import (
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// mostCounted bounds a quota: the gateway remembers as many people, at some 50 bytes each.
const mostCounted = 1_000_000

func quotasShape() map[string]shape {
	most := all(whole, number(1, mostCounted))
	byPurpose := dictionary(all(keyOf("purposes", "purpose"), purposeAsked), record(map[string]shape{
		"requestsPerHour?": most, "requestsPerDay?": most, "subjectsPerHour?": most, "subjectsPerDay?": most,
	}))
	return map[string]shape{
		"byStanding?": dictionary(standing, byPurpose),
		"byPlatform?": dictionary(keyOf("platforms", "platform"), byPurpose),
	}
}

// purposeAsked: somebody asks for the purpose, since only queries are counted.
func purposeAsked(c *checker, path string, value any) {
	purpose, _ := value.(string)
	asks := texts(c.data, "purposes", purpose, "operations")
	if len(asks) > 0 && !slices.ContainsFunc(asks, func(operation string) bool { return operation != string(exchange.ChangeDelivery) }) {
		c.fault(path, "nobody asks for %s, so nothing is counted", purpose)
	}
}
