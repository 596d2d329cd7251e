package zhengqiao.study_test

import data.zhengqiao.study

asked := {"now": 1000000000, "today": "2026-11-24", "platform": "jiaoguan12123", "status": ["A"], "withheld": [], "police": {}}

# A state of the law that has not come does not hold yet.
later := object.union(data.study, {"2026-11-25": {"basis": "next"}})

test_the_law_of_the_day if {
	today := study.from with input as asked with data.study as later
	today == "2022-04-01"
	tomorrow := study.from with input as object.union(asked, {"today": "2026-11-25"}) with data.study as later
	tomorrow == "2026-11-25"
}

test_before_the_first_there_is_no_verdict if {
	not study.result with input as object.union(asked, {"today": "2022-03-31"})
}

test_the_limit_is_not_clear if {
	not study.clear.points_below_limit with input as object.union(asked, {"points": 12})
}

test_no_points_are_not_clear if {
	not study.clear.points_recorded with input as object.union(asked, {"points": 0})
}

test_six_reduced_are_not_clear if {
	not study.clear.reduction_left with input as object.union(asked, {"police": {"reduced": 6}})
}

# Each ground is looked at from both sides, and the data tells each.
test_grounds_are_told if {
	codes := {ground.code | some ground in data.study["2022-04-01"].grounds}
	count(codes) == 10
}
