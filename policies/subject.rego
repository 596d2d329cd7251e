# METADATA
# title: Subject
# description: >-
#   Whom and how much one query may be about.
package zhengqiao.subject

import data.zhengqiao.offer

# PIPL art. 31: under that age a guardian decides.
of_age if input.subjectAge >= offer.terms.limits.ageOfConsent

few_vehicles if input.vehicles <= offer.terms.limits.vehicles

reasons contains {"code": "guardian_required", "rule": "zhengqiao.subject.of_age"} if {
	offer.terms
	not of_age
}

reasons contains {"code": "too_many_vehicles", "rule": "zhengqiao.subject.few_vehicles"} if {
	offer.terms
	not few_vehicles
}
