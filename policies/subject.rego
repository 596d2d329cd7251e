# METADATA
# title: 当事人 / Subject
# description: >-
#   Whom and how much one query may be about.
package zhengqiao.subject

import data.zhengqiao.offer
import data.zhengqiao.request

accepted if {
	request.of_age
	request.few_vehicles
}

reasons contains {"code": "guardian_required", "rule": "zhengqiao.request.of_age"} if {
	offer.terms
	not request.of_age
}

reasons contains {"code": "too_many_vehicles", "rule": "zhengqiao.request.few_vehicles"} if {
	offer.terms
	not request.few_vehicles
}
