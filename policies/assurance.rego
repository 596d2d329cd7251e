# METADATA
# title: Assurance
# description: >-
#   How surely the citizen was authenticated: the highest level that one current authentication reaches. Several weak ones do
#   not add up to a strong one.
package zhengqiao.assurance

import data.zhengqiao.region
import data.zhengqiao.table

# An authentication counts if it is neither older than the window nor dated after the request. A similarity is a share of 1;
# one above that (a percentage, say) proves nothing.
reached := scale.steps[rank] if {
	scale := table.scale
	oldest := input.now - scale.window
	rank := max({0} | {method.rank |
		some authentication in input.authentications
		authentication.at <= input.now
		authentication.at >= oldest
		method := scale.methods[authentication.method]
		similarity := object.get(authentication, "similarity", 1)
		similarity >= method.similarity
		similarity <= 1
	})
}

enough if reached.rank >= region.terms.need

reasons contains shortfall if {
	region.terms
	not enough
}

shortfall := {"code": "face_similarity_low", "rule": "zhengqiao.assurance.shortfall"} if {
	face_low
} else := {"code": "authentication_not_current", "rule": "zhengqiao.assurance.shortfall"} if {
	some authentication in input.authentications
	not current(authentication)
	table.scale.methods[authentication.method].rank >= region.terms.need
} else := {"code": "assurance_too_low", "rule": "zhengqiao.assurance.shortfall"}

# A face comparison of this session stayed below the threshold.
face_low if {
	some authentication in input.authentications
	authentication.method == "face"
	current(authentication)
	authentication.similarity < table.scale.methods.face.similarity
}

current(authentication) if {
	authentication.at <= input.now
	authentication.at >= input.now - table.scale.window
}
