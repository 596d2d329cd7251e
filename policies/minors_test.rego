package zhengqiao.minors_test

import data.zhengqiao.minors
import data.zhengqiao.testing

child := testing.changed("subjectAge", 13)

test_of_age if minors.accepted with input as testing.changed("subjectAge", 14)

test_child if {
	testing.codes(minors.reasons) == {"guardian_required"} with input as child
}

test_unknown_age if {
	testing.codes(minors.reasons) == {"guardian_required"} with input as object.remove(testing.request, ["subjectAge"])
}

test_guardian if {
	minors.accepted with input as object.union(child, {"behalf": testing.guardian})
}

test_guardian_of_one_of_age if {
	request := object.union(testing.changed("subjectAge", 14), {"platform": "wechat-city", "behalf": testing.guardian})
	minors.accepted with input as request
	count(minors.reasons) == 0 with input as request
}

test_delegate if {
	request := object.union(child, {"behalf": testing.delegate})
	testing.codes(minors.reasons) == {"guardian_required"} with input as request
}

test_guardian_elsewhere if {
	request := object.union(child, {"platform": "wechat-city", "behalf": testing.guardian})
	testing.codes(minors.reasons) == {"minor_not_for_platform"} with input as request
}

duty := {
	"platform": "jiaoguan12123",
	"purpose": {"code": "violation-handling", "case": "c", "operator": "clerk", "unit": "310000000000", "legalBasis": "PIPL-13-3"},
}

test_duty if {
	minors.accepted with input as object.union(child, duty)
	count(minors.reasons) == 0 with input as object.union(child, duty)
}

others := {
	"the person himself": {"purpose": {"operator": "self"}},
	"a unit that can't be": {"purpose": {"unit": "1"}},
	"on consent": {"purpose": {"legalBasis": "consent"}},
	"on consent by article": {"purpose": {"legalBasis": "PIPL-13-1"}},
	"a province": {"platform": "suishenban"},
	"another purpose": {"purpose": {"code": "self-query"}},
	"a delegate": {"behalf": testing.delegate},
}

test_no_duty if {
	every change in others {
		request := object.union(object.union(child, duty), change)
		testing.codes(minors.reasons) == {"guardian_required"} with input as request
	}
}

test_nothing_to_say_where_nothing_is_offered if {
	request := object.union(child, {"platform": "nobody"})
	count(minors.reasons) == 0 with input as request
	count(minors.reasons) == 0 with input as object.union(request, {"behalf": testing.guardian})
}
