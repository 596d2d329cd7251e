# METADATA
# title: Freshness
# description: >-
#   How old the data may be, by the channel's tier. A caller may tighten the bound, down to the tier's floor.
package zhengqiao.freshness

tier_name := data.platforms[input.platform].tier

tier := data.tiers[tier_name]

default bound := 0

bound := min([tier.bound, object.get(input, "maxAge", tier.bound)])

# Without a tier (an unknown platform) nothing is fresh enough.
default terms := {"tier": "", "bound": 0, "onStale": "refuse", "rule": "zhengqiao.freshness.terms"}

terms := {"tier": tier_name, "bound": bound, "onStale": tier.onStale, "rule": "zhengqiao.freshness.terms"}

reasons contains {"code": "freshness_below_tier", "rule": "zhengqiao.freshness.within"} if {
	tier
	not within
}

within if object.get(input, "maxAge", tier.bound) >= tier.floor
