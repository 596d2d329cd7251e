package zhengqiao.subject_test

import data.zhengqiao.subject
import data.zhengqiao.testing

test_of_age if subject.accepted with input as testing.changed("subjectAge", 14)

test_child if {
	testing.codes(subject.reasons) == {"guardian_required"} with input as testing.changed("subjectAge", 13)
}

test_many_vehicles if {
	testing.codes(subject.reasons) == {"too_many_vehicles"} with input as testing.changed("vehicles", 11)
}

test_unknown_age_and_count if {
	request := object.remove(testing.request, ["subjectAge", "vehicles"])
	testing.codes(subject.reasons) == {"guardian_required", "too_many_vehicles"} with input as request
}

test_nothing_to_say_where_nothing_is_offered if {
	request := object.union(testing.request, {"platform": "nobody", "subjectAge": 13, "vehicles": 11})
	count(subject.reasons) == 0 with input as request
}
