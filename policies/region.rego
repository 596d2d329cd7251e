# METADATA
# title: 省界 / Region
# description: >-
#   Whether the province that keeps the licence is the platform's own, and what holds if not. National platforms are at home
#   everywhere.
package zhengqiao.region

import data.zhengqiao.offer

# Undefined where the purpose doesn't cross provincial borders.
terms := offer.terms.zones.home if {
	offer.terms.region in {input.region, "000000"}
} else := offer.terms.zones.away

reasons contains {"code": "cross_province_not_allowed", "rule": "zhengqiao.region.terms"} if {
	offer.terms
	not terms
}
