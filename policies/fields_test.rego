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

# The lowest rank at which a field of each class is shown; none where it never is.
lowest := {
	"status": {"field": "status", "home": {1}, "away": {1}},
	"record": {"field": "classes", "home": {2}, "away": {3}},
	"personal": {"field": "name", "home": {2}, "away": {4}},
	"identifier": {"field": "idNumber", "home": {3}, "away": {5}},
	"card": {"field": "cardNumber", "home": {3}, "away": set()},
	"contact": {"field": "phone", "home": {4}, "away": set()},
	"conduct": {"field": "place", "home": {3}, "away": {4}},
	"picture": {"field": "picture", "home": {4}, "away": {5}},
}

test_lowest_level_of_each_class if {
	object.keys(lowest) == object.keys(data.sensitivity)
	every class, wanted in lowest {
		data.fields[wanted.field].sensitivity == class
		every zone in ["home", "away"] {
			{rank | rank := fields.lowest({"zone": zone}, wanted.field)} == wanted[zone]
		}
	}
}

# What a phone number alone opens.
test_what_is_of_the_class_status if {
	{field | some field, entry in data.fields; entry.sensitivity == "status"} == {
		"status", "mayDrive", "points", "cycleEnd", "validUntil", "longTerm", "validity", "updatedAt",
	}
}

# What third parties are told of changes, whatever else they may show.
test_third_parties_are_told_little if {
	told := {field |
		some field in data.purposes["status-sync"].fields
		fields.told(data.purposes["status-sync"], "third-party", field)
	}
	told == {"status", "mayDrive", "validity", "validUntil"}
}
