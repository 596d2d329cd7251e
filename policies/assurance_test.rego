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
		authentications := [{"method": method, "provider": "p", "at": 999940000, "similarity": 0.9}]
		assurance.reached.level == level with input as testing.changed("authentications", authentications)
	}
}

ages := {
	"now": {"at": 1000000000, "level": "sms"},
	"15 minutes": {"at": 999100000, "level": "sms"},
	"a moment more": {"at": 999099999, "level": "none"},
	"future": {"at": 1000000001, "level": "none"},
}

test_age_of_authentication if {
	every age in ages {
		authentications := [{"method": "sms", "provider": "p", "at": age.at}]
		assurance.reached.level == age.level with input as testing.changed("authentications", authentications)
	}
}

similarities := {0: "none", 0.8499: "none", 0.85: "face", 1: "face", 1.01: "none", 85: "none"}

test_similarity_of_a_face if {
	every similarity, level in similarities {
		authentications := [{"method": "face", "provider": "p", "at": 1000000000, "similarity": similarity}]
		assurance.reached.level == level with input as testing.changed("authentications", authentications)
	}
}

test_none_without_authentication if {
	assurance.reached.level == "none" with input as testing.changed("authentications", [])
}

test_a_fault_of_the_face_is_told_first if {
	authentications := [
		{"method": "face", "provider": "p", "at": 1000000000},
		{"method": "bankcard", "provider": "p", "at": 0},
	]
	request := object.union(testing.request, {"region": "330000", "authentications": authentications})
	testing.codes(assurance.reasons) == {"face_score_missing"} with input as request
}
