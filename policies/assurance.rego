# METADATA
# title: 认证强度 / Assurance
# description: >-
#   How surely the citizen was authenticated: the highest level that one authentication proves. Of several by one method the best
#   one counts.
package zhengqiao.assurance

import data.zhengqiao.region
import data.zhengqiao.request
import data.zhengqiao.table

reached := table.scale.steps[rank] if {
	rank := max({0} | {table.scale.methods[proof.method].rank | some proof in request.proofs; proof.verdict == "good"})
}

enough if reached.rank >= region.terms.need

reasons contains shortfall if {
	region.terms
	not enough
}

shortfall := face_fault if {
	face_fault
} else := {"code": "authentication_not_current", "rule": "zhengqiao.assurance.shortfall"} if {
	some proof in request.proofs
	proof.verdict == "old"
	table.scale.methods[proof.method].rank >= region.terms.need
} else := {"code": "assurance_too_low", "rule": "zhengqiao.assurance.shortfall"}

# A face comparison of this session that doesn't count: below the threshold, or without the score that its provider must give.
face_fault := {"code": "face_similarity_low", "rule": "zhengqiao.assurance.face_fault"} if {
	{"method": "face", "verdict": "low"} in request.proofs
} else := {"code": "face_score_missing", "rule": "zhengqiao.assurance.face_fault"} if {
	{"method": "face", "verdict": "unscored"} in request.proofs
}
