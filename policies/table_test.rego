package zhengqiao.table_test

import data.zhengqiao.table

test_levels_rise if table.ranks == {"none": 0, "phone": 1, "account": 2, "sms": 3, "bankcard": 4, "face": 5}

test_every_registered_purpose_is_offered if {
	every platform, registered in data.platforms {
		object.keys(table.offers[platform]) == object.keys(registered.purposes)
	}
}

test_nothing_is_offered_below_the_lowest_level if {
	every platform, zone in {"suishenban": "home", "thirdparty-mini": "home"} {
		not table.offers[platform]["self-query"]["licence.query"].zones[zone].seen.phone
	}
}

test_reminders_need_a_phone if table.offers.suishenban.reminder["licence.query"].zones.home.seen.phone

# What each purpose asks of a request and may be used for, seen at the platform that has all of them.
purposes := {
	"self-query": {
		"operations": {"licence.query", "violations.query", "violations.picture"},
		"requires": {"matter", "operator"},
		"operators": {"citizen", "unit"},
		"legalBases": {"consent", "PIPL-13-1", "PIPL-13-3"},
	},
	"licence-business": {
		"operations": {"licence.query"},
		"requires": {"matter", "case", "operator"},
		"operators": {"citizen", "unit"},
		"legalBases": {"consent", "PIPL-13-1", "PIPL-13-3"},
	},
	"violation-handling": {
		"operations": {"licence.query", "violations.query", "violations.picture"},
		"requires": {"matter", "case", "operator"},
		"operators": {"citizen", "unit"},
		"legalBases": {"consent", "PIPL-13-1", "PIPL-13-3"},
	},
	"qualification-check": {
		"operations": {"licence.query"},
		"requires": {"matter", "operator", "unit"},
		"operators": {"unit"},
		"legalBases": {"consent", "PIPL-13-1", "PIPL-13-3"},
	},
	"reminder": {
		"operations": {"licence.query"},
		"requires": {"matter", "operator"},
		"operators": {"citizen", "unit"},
		"legalBases": {"consent", "PIPL-13-1"},
	},
	"study-reduction": {
		"operations": {"study.eligibility"},
		"requires": {"matter", "operator"},
		"operators": {"citizen", "unit"},
		"legalBases": {"consent", "PIPL-13-1", "PIPL-13-3"},
	},
	"status-sync": {
		"operations": {"changes.deliver"},
		"requires": {"operator"},
		"operators": {"gateway"},
		"legalBases": {"PIPL-13-3"},
	},
}

test_what_each_purpose_asks if {
	every purpose, wanted in purposes {
		offers := table.offers.jiaoguan12123[purpose]
		object.keys(offers) == wanted.operations
		every offer in offers {
			offer.requires == wanted.requires
			offer.operators == wanted.operators
			object.keys(offer.legalBases) == wanted.legalBases
		}
	}
}

test_a_basis_that_nobody_knows_is_none if {
	offer := table.offers.suishenban.reminder["licence.query"] with data.legalBases as {}
	offer.legalBases == {}
}

test_reminders_need_a_phone_everywhere if {
	every platform in [id | some id, registered in data.platforms; registered.purposes.reminder] {
		table.offers[platform].reminder["licence.query"].zones.home.need == 1
	}
}
