package zhengqiao.purpose_test

import data.zhengqiao.purpose
import data.zhengqiao.testing

cases := {
	"complete": {"input": testing.request, "codes": set()},
	"no matter": {"input": testing.blank(["matter"]), "codes": {"purpose_incomplete"}},
	"no operator": {"input": testing.blank(["operator"]), "codes": {"purpose_incomplete", "unit_invalid"}},
	"no legal basis": {"input": testing.blank(["legalBasis"]), "codes": {"legal_basis_not_accepted"}},
	"clerk of a unit": {"input": testing.stated({"operator": "clerk", "unit": "310000000000"}), "codes": set()},
	"clerk of none": {"input": testing.stated({"operator": "clerk"}), "codes": {"unit_invalid"}},
	"13 digits": {"input": testing.stated({"operator": "clerk", "unit": "3100000000001"}), "codes": {"unit_invalid"}},
	"the gateway": {"input": testing.stated({"operator": "gateway"}), "codes": {"operator_not_allowed"}},
	"alone for a check": {
		"input": testing.stated({"code": "qualification-check", "unit": "310000000000"}),
		"codes": {"operator_not_allowed"},
	},
	"a clerk of none for the gateway": {
		"input": object.union(
			testing.stated({"code": "status-sync", "legalBasis": "PIPL-13-3", "operator": "clerk"}),
			{"operation": "changes.deliver"},
		),
		"codes": {"operator_not_allowed"},
	},
	"a clerk for the gateway": {
		"input": object.union(testing.stated({"code": "status-sync", "legalBasis": "PIPL-13-3"}), {"operation": "changes.deliver"}),
		"codes": {"operator_not_allowed"},
	},
}

test_reasons if {
	every case in cases {
		codes := testing.codes(purpose.reasons) with input as case.input
		codes == case.codes
	}
}

test_accepted_exactly_without_reasons if {
	every case in cases {
		accepted := [1 | purpose.accepted] with input as case.input
		count(accepted) == count([1 | case.codes == set()])
	}
}
