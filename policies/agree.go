package policies

import (
	"regexp"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// The checks in this file are about how parts of the data agree with each other. What is not even of its shape was noted before,
// so they pass over it.

// platformAgrees: a province's platform is in a province, and what is granted to a platform is of use to it.
func platformAgrees(c *checker, path string, value any) {
	if textAt(value, "standing") == "province" && textAt(value, "region") == string(exchange.National) {
		c.fault(join(path, "region"), "a province's platform is in a province")
	}
	granted, _ := member(value, "purposes").(map[string]any)
	for purpose := range granted {
		asks := texts(c.data, "purposes", purpose, "operations")
		if len(asks) > 0 && !intersect(asks, texts(value, "operations")) {
			c.fault(join(join(path, "purposes"), purpose), "the platform has no operation of this purpose")
		}
	}
	unmasked, _ := member(value, "unmasked").(map[string]any)
	for purpose := range unmasked {
		if granted[purpose] == nil {
			c.fault(join(join(path, "unmasked"), purpose), "the platform doesn't have this purpose")
		}
	}
}

// purposeAgrees: every field of a purpose belongs to one of its operations, and each standing gets some of those fields.
func purposeAgrees(c *checker, path string, value any) {
	operations, fields := texts(value, "operations"), texts(value, "fields")
	for i, field := range fields {
		if of := texts(c.data, "fields", field, "operations"); len(of) > 0 && !intersect(of, operations) {
			c.fault(item(path, "fields", i), "%s belongs to no operation of this purpose", field)
		}
	}
	standings, _ := member(value, "byStanding").(map[string]any)
	for standing := range standings {
		for i, field := range texts(standings, standing) {
			if !slices.Contains(fields, field) {
				c.fault(item(join(path, "byStanding"), standing, i), "the purpose doesn't need %s", field)
			}
		}
	}
}

// fieldAgrees: the contract has the field, in those operations.
func fieldAgrees(c *checker, path string, value any) {
	field := exchange.Field(path[strings.LastIndex(path, ".")+1:])
	for i, operation := range texts(value, "operations") {
		disclosed := exchange.Fields(exchange.Operation(operation))
		if len(disclosed) > 0 && !slices.Contains(disclosed, field) {
			c.fault(item(path, "operations", i), "%s discloses no %s", operation, field)
		}
	}
}

// tierAgrees: a caller can always ask for data as fresh as the channel's own bound.
func tierAgrees(c *checker, path string, value any) {
	floor, bound := asNumber(member(value, "floor")), asNumber(member(value, "bound"))
	if floor > bound {
		c.fault(join(path, "floor"), "%v is over the bound of %v", floor, bound)
	}
}

// level is one that the data puts in order.
func level(c *checker, path string, value any) {
	if levels := texts(c.data, "assurance", "levels"); len(levels) > 0 {
		name("level", levels...)(c, path, value)
	}
}

// levelsRise: who proved nothing is at the bottom.
func levelsRise(c *checker, path string, value any) {
	if levels, _ := value.([]any); len(levels) == 0 || levels[0] != "none" {
		c.fault(path, "the lowest level is none")
	}
}

// pattern is a regular expression for the whole of a text.
func pattern(c *checker, path string, value any) {
	text, _ := value.(string)
	if _, err := regexp.Compile(text); err != nil {
		c.fault(path, "%v", err)
	}
	if !strings.HasPrefix(text, "^") || !strings.HasSuffix(text, "$") {
		c.fault(path, "%q is not about the whole text, from ^ to $", text)
	}
}
