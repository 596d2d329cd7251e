package zhengqiao.fields_test

import data.zhengqiao.fields

own := {"platform": "suishenban", "zone": "home", "purpose": "self-query", "level": "face"}

cases := {
	"shown": {"change": {}, "field": "points", "code": ""},
	"in no catalogue": {"change": {}, "field": "bloodType", "code": "no_rule"},
	"not needed": {"change": {"purpose": "reminder"}, "field": "phone", "code": "not_for_purpose"},
	"not offered": {"change": {"platform": "thirdparty-mini"}, "field": "phone", "code": "not_for_platform"},
	"not abroad": {"change": {"zone": "away"}, "field": "phone", "code": "not_across_provinces"},
	"too weak": {"change": {"level": "sms"}, "field": "phone", "code": "assurance_too_low"},
}

test_verdicts if {
	every case in cases {
		verdict := fields.verdict(object.union(own, case.change), case.field)
		object.get(verdict, "code", "") == case.code
	}
}

test_third_party_never_sees_a_picture if {
	every level in data.assurance.levels {
		request := object.union(own, {"platform": "thirdparty-mini", "level": level})
		fields.verdict(request, "picture").code == "not_for_platform"
	}
}
