# METADATA
# title: Assurance
# description: >-
#   How surely the citizen was authenticated: the highest level that one current authentication reaches. Several weak ones do
#   not add up to a strong one.
package zhengqiao.assurance

import data.zhengqiao.region
import data.zhengqiao.table

default rank := 0

rank := max(ranks)

level := data.assurance.levels[rank]

ranks contains worth(authentication) if {
	some authentication in input.authentications
	current(authentication)
	convincing(authentication)
}

worth(authentication) := table.ranks[data.assurance.methods[authentication.method]]

# Neither older than the window nor dated after the request.
current(authentication) if {
	authentication.at <= input.now
	authentication.at >= input.now - data.assurance.windowMilliseconds
}

convincing(authentication) if authentication.method != "face"

convincing(authentication) if not scored(authentication)

# A similarity is a share of 1; anything above is no similarity (a percentage, say) and proves nothing.
convincing(authentication) if {
	authentication.similarity >= data.assurance.faceSimilarity
	authentication.similarity <= 1
}

scored(authentication) if is_number(authentication.similarity)

# A face comparison of this session stayed below the threshold.
face_low if {
	some authentication in input.authentications
	authentication.method == "face"
	current(authentication)
	not convincing(authentication)
}

# The lowest rank at which the platform may act for this purpose.
need := table.ranks[data.platforms[input.platform].purposes[input.purpose.code][region.zone]]

enough if rank >= need

reasons contains shortfall if {
	need
	not enough
}

shortfall := {"code": "face_similarity_low", "rule": "zhengqiao.assurance.shortfall"} if {
	face_low
} else := {"code": "authentication_not_current", "rule": "zhengqiao.assurance.shortfall"} if {
	some authentication in input.authentications
	not current(authentication)
	worth(authentication) >= need
} else := {"code": "assurance_too_low", "rule": "zhengqiao.assurance.shortfall"}
