# METADATA
# title: Subject
# description: >-
#   Whom and how much one query may be about.
package zhengqiao.subject

accepted if {
	limits := data.limits
	input.subjectAge >= limits.ageOfConsent
	input.vehicles <= limits.vehicles
}

# PIPL art. 31.
reasons contains {"code": "guardian_required", "rule": "zhengqiao.subject.accepted"} if {
	not input.subjectAge >= data.limits.ageOfConsent
}

reasons contains {"code": "too_many_vehicles", "rule": "zhengqiao.subject.accepted"} if {
	not input.vehicles <= data.limits.vehicles
}
