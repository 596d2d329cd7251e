# METADATA
# title: 未成年人 / Minors
# description: >-
#   About a child under the age of consent only a guardian asks, or whom the law obliges (PIPL arts. 13, 28 and 31).
package zhengqiao.minors

import data.zhengqiao.offer
import data.zhengqiao.request

accepted if request.of_age

accepted if {
	guarded
	here
}

accepted if duty

# Whether the guardian is one is told by zhengqiao.behalf.
guarded if request.behalf.relation == "guardian"

here if data.platforms[input.platform].standing in data.minors.guardianAt

duty if {
	request.alone
	terms := data.minors.duties[input.purpose.code]
	data.platforms[input.platform].standing in terms.standings
	request.actor in terms.operators
	input.purpose.legalBasis in terms.legalBases
}

reasons contains {"code": "guardian_required", "rule": "zhengqiao.request.of_age"} if {
	offer.terms
	not guarded
	not duty
	not request.of_age
}

reasons contains {"code": "minor_not_for_platform", "rule": "zhengqiao.minors.here"} if {
	offer.terms
	not request.of_age
	guarded
	not here
}
