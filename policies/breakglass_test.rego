package zhengqiao.breakglass_test

import data.zhengqiao.breakglass

asked := {
	"now": 1000000000,
	"hour": 12,
	"action": "open",
	"operator": "day",
	"region": "310000",
	"legalBasis": "PIPL-13-4",
	"minutes": 5,
	"openedToday": 0,
}

operator := {"unit": "u", "regions": "all", "hours": {"from": 9, "until": 17}, "daily": 1, "secondPerson": false, "confirms": false}

duty(from, until) := {"day": object.union(operator, {"hours": {"from": from, "until": until}})}

hours := {
	"before the day": {"from": 9, "until": 17, "hour": 8, "on": false},
	"first of the day": {"from": 9, "until": 17, "hour": 9, "on": true},
	"last of the day": {"from": 9, "until": 17, "hour": 16, "on": true},
	"after the day": {"from": 9, "until": 17, "hour": 17, "on": false},
	"before the night": {"from": 18, "until": 8, "hour": 17, "on": false},
	"first of the night": {"from": 18, "until": 8, "hour": 18, "on": true},
	"after midnight": {"from": 18, "until": 8, "hour": 0, "on": true},
	"last of the night": {"from": 18, "until": 8, "hour": 7, "on": true},
	"after the night": {"from": 18, "until": 8, "hour": 8, "on": false},
	"no hours at all": {"from": 8, "until": 8, "hour": 8, "on": false},
	"no hours at all, before": {"from": 8, "until": 8, "hour": 7, "on": false},
}

test_hours_of_duty if {
	every one in hours {
		given := object.union(asked, {"hour": one.hour})
		on := [1 | breakglass.timely] with input as given with data.breakglass.operators as duty(one.from, one.until)
		count(on) == count([1 | one.on])
	}
}

test_terms_are_the_operators if {
	result := breakglass.result with input as asked with data.breakglass.operators as duty(0, 24)
	result.allow
	result.fields == data.purposes["break-glass"].fields
	result.unit == "u"
}
