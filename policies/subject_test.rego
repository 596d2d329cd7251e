package zhengqiao.subject_test

import data.zhengqiao.subject
import data.zhengqiao.testing

test_few_vehicles if subject.accepted with input as testing.changed("vehicles", 10)

test_many_vehicles if {
	testing.codes(subject.reasons) == {"too_many_vehicles"} with input as testing.changed("vehicles", 11)
}

test_unknown_count if {
	request := object.remove(testing.request, ["vehicles"])
	testing.codes(subject.reasons) == {"too_many_vehicles"} with input as request
}

test_nothing_to_say_where_nothing_is_offered if {
	request := object.union(testing.request, {"platform": "nobody", "vehicles": 11})
	count(subject.reasons) == 0 with input as request
}
