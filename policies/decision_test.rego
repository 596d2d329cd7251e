package zhengqiao.decision_test

import data.zhengqiao.decision
import data.zhengqiao.testing

test_allows_what_is_in_order if decision.result.allow with input as testing.request

test_every_wanted_field_is_accounted_for if {
	fields := ["bloodType", "phone", "points"]
	result := decision.result with input as object.union(testing.request, {"fields": fields})
	object.keys(result.grants) | object.keys(result.withheld) == {"bloodType", "phone", "points"}
}

test_new_field_is_withheld if {
	result := decision.result with input as object.union(testing.request, {"fields": ["bloodType", "points"]})
	result.withheld.bloodType.code == "no_rule"
}

test_catalogued_field_that_no_purpose_names_is_withheld if {
	fields := object.union(data.fields, {"bloodType": object.union(data.fields.points, {"column": "xx"})})
	result := decision.result with input as object.union(testing.request, {"fields": ["bloodType", "points"]})
		with data.fields as fields
	result.withheld.bloodType.code == "no_rule"
}

test_field_without_masks_is_withheld if {
	fields := object.union(data.fields, {"points": object.union(object.remove(data.fields.points, ["masks"]), {"masks": {}})})
	points := {"points": object.filter(data.fields.points, ["operations", "sensitivity"])}
	result := decision.result with input as object.union(testing.request, {"fields": ["points", "status"]})
		with data.fields as object.union(object.remove(fields, ["points"]), points)
	result.withheld.points.code == "no_rule"
}

test_nothing_visible_tells_why if {
	result := decision.result with input as object.union(testing.request, {"fields": ["bloodType"]})
	{reason.code | some reason in result.reasons} == {"nothing_visible", "no_rule"}
}

test_empty_input_is_refused if not decision.result.allow with input as {}

test_nothing_is_granted_or_withheld_without_a_table if {
	decision.grants == {} with input as {}
	decision.withheld == {} with input as {}
}
