# METADATA
# title: 数据时效 / Freshness
# description: >-
#   How old the data may be, by the channel's tier. A caller may tighten the bound, down to the tier's floor.
package zhengqiao.freshness

import data.zhengqiao.offer

# Undefined if the caller asks for fresher data than the channel gives.
terms := offer.terms.freshness if {
	not input.maxAge
} else := object.union(offer.terms.freshness, {"bound": bound}) if {
	input.maxAge >= offer.terms.floor
	bound := min([offer.terms.freshness.bound, input.maxAge])
}

reasons contains {"code": "freshness_below_tier", "rule": "zhengqiao.freshness.terms"} if {
	offer.terms
	not terms
}
