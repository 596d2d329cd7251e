package zhengqiao.purpose_test

import data.zhengqiao.purpose
import data.zhengqiao.testing

cases := {
	"complete": {"purpose": {}, "codes": set()},
	"no matter": {"purpose": {"matter": ""}, "codes": {"purpose_incomplete"}},
	"no operator": {"purpose": {"operator": ""}, "codes": {"purpose_incomplete", "unit_invalid"}},
	"no legal basis": {"purpose": {"legalBasis": ""}, "codes": {"legal_basis_not_accepted"}},
	"clerk of a unit": {"purpose": {"operator": "clerk", "unit": "310000000000"}, "codes": set()},
	"clerk of none": {"purpose": {"operator": "clerk"}, "codes": {"unit_invalid"}},
	"13 digits": {"purpose": {"operator": "clerk", "unit": "3100000000001"}, "codes": {"unit_invalid"}},
	"alone for a check": {
		"purpose": {"code": "qualification-check", "unit": "310000000000"},
		"codes": {"operator_not_allowed"},
	},
}

test_reasons if {
	every case in cases {
		codes := testing.codes(purpose.reasons) with input as testing.stated(case.purpose)
		codes == case.codes
	}
}

test_accepted_exactly_without_reasons if {
	every case in cases {
		accepted := [1 | purpose.accepted] with input as testing.stated(case.purpose)
		count(accepted) == count([1 | case.codes == set()])
	}
}
