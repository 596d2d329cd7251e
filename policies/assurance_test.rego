package zhengqiao.assurance_test

import data.zhengqiao.assurance
import data.zhengqiao.testing

levels := {
	"phone": "phone",
	"account": "account",
	"sms": "sms",
	"voice": "sms",
	"bankcard": "bankcard",
	"face": "face",
	"palm": "none",
}

test_each_method_has_its_level if {
	every method, level in levels {
		authentications := [{"method": method, "provider": "p", "age": 60, "similarity": 0.9}]
		assurance.reached.level == level with input as testing.changed("authentications", authentications)
	}
}

ages := {
	"now": {"age": 0, "level": "sms"},
	"15 minutes": {"age": 900, "level": "sms"},
	"a moment more": {"age": 901, "level": "none"},
	"future": {"age": -1, "level": "none"},
}

test_age_of_authentication if {
	every age in ages {
		authentications := [{"method": "sms", "provider": "p", "age": age.age}]
		assurance.reached.level == age.level with input as testing.changed("authentications", authentications)
	}
}

similarities := {0: "none", 0.8499: "none", 0.85: "face", 1: "face", 1.01: "none", 85: "none"}

test_similarity_of_a_face if {
	every similarity, level in similarities {
		authentications := [{"method": "face", "provider": "p", "age": 0, "similarity": similarity}]
		assurance.reached.level == level with input as testing.changed("authentications", authentications)
	}
}

test_none_without_authentication if {
	assurance.reached.level == "none" with input as testing.changed("authentications", [])
}

test_a_fault_of_the_face_is_told_first if {
	authentications := [
		{"method": "face", "provider": "p", "age": 0},
		{"method": "bankcard", "provider": "p", "age": 1000000},
	]
	request := object.union(testing.request, {"region": "330000", "authentications": authentications})
	testing.codes(assurance.reasons) == {"face_score_missing"} with input as request
}

# An old one that would have been enough is told to be renewed; one that would not have been is told to be too weak.
stale := {"account": "authentication_not_current", "phone": "assurance_too_low"}

test_old_authentication_is_told_only_if_it_would_do if {
	every method, code in stale {
		request := testing.changed("authentications", [{"method": method, "provider": "p", "age": 1000000}])
		testing.codes(assurance.reasons) == {code} with input as request
	}
}
