# METADATA
# title: Subject
# description: >-
#   Whom and how much one query may be about.
package zhengqiao.subject

# PIPL art. 31: under that age a guardian decides.
of_age if input.subjectAge >= data.limits.ageOfConsent

few_vehicles if input.vehicles <= data.limits.vehicles

reasons contains {"code": "guardian_required", "rule": "zhengqiao.subject.of_age"} if not of_age

reasons contains {"code": "too_many_vehicles", "rule": "zhengqiao.subject.few_vehicles"} if not few_vehicles
