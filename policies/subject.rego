# METADATA
# title: 当事人 / Subject
# description: >-
#   How much one query may be about.
package zhengqiao.subject

import data.zhengqiao.offer
import data.zhengqiao.request

accepted if request.few_vehicles

reasons contains {"code": "too_many_vehicles", "rule": "zhengqiao.request.few_vehicles"} if {
	offer.terms
	not request.few_vehicles
}
