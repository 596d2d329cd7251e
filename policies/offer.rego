# METADATA
# title: 接入授权 / Offer
# description: >-
#   Whether the platform may ask this at all: it is known, the purpose was granted to it, and the operation belongs to both.
package zhengqiao.offer

import data.zhengqiao.table

terms := table.offers[input.platform][input.purpose.code][input.operation]

reasons contains reason if {
	not terms
	reason := ground
}

ground := {"code": "unknown_platform", "rule": "zhengqiao.offer.ground"} if {
	not data.platforms[input.platform]
} else := {"code": "purpose_not_allowed", "rule": "zhengqiao.offer.ground"} if {
	not granted
} else := {"code": "operation_not_allowed", "rule": "zhengqiao.offer.ground"}

granted if data.platforms[input.platform].purposes[input.purpose.code]
