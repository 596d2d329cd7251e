package zhengqiao.behalf_test

import data.zhengqiao.behalf
import data.zhengqiao.request
import data.zhengqiao.testing

# By bank card, which is what both relations want.
asking(given) := object.union(testing.changed("authentications", [{"method": "bankcard", "provider": "p", "age": 60}]), {"behalf": given})

by_delegate(change) := asking(object.union(testing.delegate, change))

without(members) := asking(object.remove(testing.delegate, members))

test_nobody_else if {
	behalf.accepted with input as testing.request
	count(behalf.reasons) == 0 with input as testing.request
}

test_delegate if behalf.accepted with input as asking(testing.delegate)

test_guardian if behalf.accepted with input as object.union(asking(testing.guardian), {"subjectAge": 17})

refused := {
	"a relation nobody knows": {"behalf": {"relation": "neighbour"}, "codes": {"behalf_not_for_purpose"}},
	"himself": {"behalf": {"agentIsSubject": true}, "codes": {"agent_is_subject"}},
	"young": {"behalf": {"agentAge": 17}, "codes": {"agent_not_of_age"}},
	"young and himself": {"behalf": {"agentAge": 17, "agentIsSubject": true}, "codes": {"agent_is_subject"}},
	"not yet": {"behalf": {"since": -1}, "codes": {"grant_not_yet_in_force"}},
	"over": {"behalf": {"left": 0}, "codes": {"grant_expired"}},
	"long": {"behalf": {"length": 31622401}, "codes": {"grant_too_long"}},
	"no purpose": {"behalf": {"scope": {"purposes": []}}, "codes": {"grant_scope_missing"}},
	"no operation": {"behalf": {"scope": {"operations": []}}, "codes": {"grant_scope_missing"}},
	"no field": {"behalf": {"scope": {"fields": []}}, "codes": {"grant_scope_missing"}},
	"another purpose": {"behalf": {"scope": {"purposes": ["reminder"]}}, "codes": {"grant_other_purpose"}},
	"another operation": {"behalf": {"scope": {"operations": ["violations.query"]}}, "codes": {"grant_other_operation"}},
	"other both": {
		"behalf": {"scope": {"purposes": ["reminder"], "operations": ["violations.query"]}},
		"codes": {"grant_other_purpose", "grant_other_operation"},
	},
}

test_refused if {
	every case in refused {
		request := by_delegate(case.behalf)
		testing.codes(behalf.reasons) == case.codes with input as request
		not behalf.accepted with input as request
	}
}

left_out := {
	"the term": {"members": ["since", "left", "length"], "codes": {"grant_term_missing"}},
	"its begin": {"members": ["since", "length"], "codes": {"grant_term_missing"}},
	"its end": {"members": ["left", "length"], "codes": {"grant_term_missing"}},
	"the scope": {"members": ["scope"], "codes": {"grant_scope_missing"}},
	"who the agent is": {"members": ["agentIsSubject"], "codes": {"agent_is_subject"}},
	"the agent's age": {"members": ["agentAge"], "codes": {"agent_not_of_age"}},
}

test_left_out if {
	every case in left_out {
		testing.codes(behalf.reasons) == case.codes with input as without(case.members)
	}
}

# Without a relation nobody can say what it may be for.
test_no_relation if {
	testing.codes(behalf.reasons) == {"behalf_not_for_purpose"} with input as without(["relation"])
}

edges := [{"since": 0}, {"left": 1}, {"length": 31622400}, {"agentAge": 18}]

test_edges if {
	every edge in edges {
		behalf.accepted with input as by_delegate(edge)
	}
}

# A guardian has no term and no scope to state; whoever states them is held to them.
test_guardian_is_held_to_what_he_states if {
	stated := object.union(testing.guardian, {"since": 60, "left": -60, "length": 1, "scope": {"purposes": [], "operations": [], "fields": []}})
	codes := testing.codes(behalf.reasons) with input as object.union(asking(stated), {"subjectAge": 17})
	codes == {"grant_expired", "grant_scope_missing"}
}

test_term_of_a_guardian if {
	terms := {"since": 0, "left": 60, "length": 568080000}
	request := object.union(asking(object.union(testing.guardian, terms)), {"subjectAge": 0})
	behalf.accepted with input as request
	longer := object.union(request, {"behalf": {"length": 568080001}})
	testing.codes(behalf.reasons) == {"grant_too_long"} with input as longer
}

# Who states one end of a term states the other.
test_half_a_term if {
	every half in [{"since": 60}, {"left": 60}] {
		request := object.union(asking(object.union(testing.guardian, half)), {"subjectAge": 17})
		testing.codes(behalf.reasons) == {"grant_term_missing"} with input as request
	}
}

ages := [
	{"behalf": testing.guardian, "subjectAge": 18},
	{"behalf": testing.delegate, "subjectAge": 17},
	{"behalf": testing.guardian, "subjectAge": -1},
	{"behalf": testing.delegate, "subjectAge": 200},
]

test_ages if {
	every case in ages {
		request := object.union(asking(case.behalf), {"subjectAge": case.subjectAge})
		testing.codes(behalf.reasons) == {"relation_not_for_age"} with input as request
	}
}

test_unknown_age if {
	request := object.remove(asking(testing.guardian), ["subjectAge"])
	testing.codes(behalf.reasons) == {"relation_not_for_age"} with input as request
}

test_weakly_known if {
	request := object.union(testing.request, {"behalf": testing.delegate})
	testing.codes(behalf.reasons) == {"agent_assurance_too_low"} with input as request
}

test_not_for_purpose if {
	request := object.union(asking(testing.delegate), {"purpose": {"code": "violation-handling"}})
	testing.codes(behalf.reasons) == {"behalf_not_for_purpose", "grant_other_purpose"} with input as request
}

test_not_for_platform if {
	request := object.union(asking(testing.delegate), {"platform": "thirdparty-mini"})
	testing.codes(behalf.reasons) == {"behalf_not_for_platform"} with input as request
}

test_nothing_to_say_where_nothing_is_offered if {
	request := object.union(asking(testing.delegate), {"platform": "nobody"})
	count(behalf.reasons) == 0 with input as request
}

test_premise_is_whole if {
	premise := request.behalf with input as asking(testing.guardian)
	premise == {"relation": "guardian", "fits": false, "agent": "other", "term": "none", "scope": {"none"}, "fields": set()}
}

seen := {
	"grants": {
		"points": {"mask": "none", "rule": "r"},
		"name": {"mask": "none", "rule": "owner"},
		"phone": {"mask": "mobile", "rule": "r"},
		"classes": {"mask": "none", "rule": "r"},
	},
	"withheld": {"sex": {"code": "no_rule", "rule": "r"}},
}

test_narrowed if {
	scope := {"purposes": ["self-query"], "operations": ["licence.query"], "fields": ["points", "name", "phone", "sex"]}
	left := behalf.narrowed(seen) with input as by_delegate({"scope": scope})
	left.grants == {
		"points": {"mask": "none", "rule": "zhengqiao.masks.usual"},
		"name": {"mask": "name", "rule": "zhengqiao.masks.usual"},
	}
	{field: reason.code | some field, reason in left.withheld} == {
		"phone": "not_for_agent",
		"classes": "grant_other_field",
		"sex": "no_rule",
	}
}

test_guardian_sees_as_the_person if {
	left := behalf.narrowed(seen) with input as asking(testing.guardian)
	left == seen
}

test_guardian_with_a_scope if {
	scope := {"purposes": ["self-query"], "operations": ["licence.query"], "fields": ["phone"]}
	left := behalf.narrowed(seen) with input as asking(object.union(testing.guardian, {"scope": scope}))
	left.grants == {"phone": {"mask": "mobile", "rule": "r"}}
}
