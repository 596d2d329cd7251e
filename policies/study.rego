# METADATA
# title: 学法减分 / Study
# description: >-
#   Whether points may be reduced by traffic-safety education (道路交通安全违法行为记分管理办法 arts. 25-27), ground by ground. A ground that is
#   known to stand in the way decides; what is not known to be fulfilled keeps the whole open. What the police know counts only from
#   the police's own platform.
# schemas:
#   - input: schema.study
package zhengqiao.study

result := object.union(
	{
		"verdict": verdict,
		"text": object.filter(rules.verdicts[verdict], ["zh", "en"]),
		"basis": rules.basis,
		"from": from,
		"grounds": grounds,
		"ways": rules.ways,
		"notes": rules.notes,
	},
	most,
)

# The rules in force on the day; undefined before the first.
rules := data.study[from]

from := max({day | some day, _ in data.study; day <= input.today})

grounds := [object.union(ground, fate(ground)) | some ground in rules.grounds]

fate(ground) := {"state": "against", "why": "known"} if {
	against[ground.code]
} else := {"state": "clear", "why": "known"} if {
	clear[ground.code]
} else := {"state": "unknown", "why": "withheld"} if {
	some field in ground.from
	field in input.withheld
} else := {"state": "unknown", "why": "police"} if {
	ground.police
} else := {"state": "unknown", "why": "noData"}

states := {ground.state | some ground in grounds}

verdict := "notEligible" if {
	"against" in states
} else := "eligible" if {
	states == {"clear"}
} else := "cannotTell"

# How many points can still be reduced at most; what was reduced before is only taken off where it is known.
default most := {}

most := {"most": min([input.points, rules.mostReduced - object.get(police, "reduced", 0)])} if verdict != "notEligible"

letters := {letter | some letter in input.status}

# The letters say all that is asked of them: each has one meaning, and 正常 stands alone.
plain if {
	count(letters) > 0
	every letter in letters {
		letter in rules.letters.known
	}
	not contradiction
}

contradiction if {
	"A" in letters
	count(letters) > 1
}

barred(kind) if {
	some letter in letters
	letter in rules.letters[kind]
}

default police := {}

police := input.police if data.platforms[input.platform].standing == "authority"

against["licence_held"] if barred("ended")

against["points_below_limit"] if input.points >= rules.limit

against["points_below_limit"] if barred("full")

against["points_recorded"] if input.points <= 0

against["violations_handled"] if barred("open")

against["violations_handled"] if police.openViolations

against["reduction_left"] if police.reduced >= rules.mostReduced

against["full_study_once"] if police.repeatedFullStudy

against["no_grave_penalty"] if police.gravePenalty

against["licence_unrestricted"] if barred("barred")

against["licence_unrestricted"] if input.probation

against["vehicles_in_order"] if police.vehicleOverdue

against["no_cheating"] if police.cheatedInEducation

clear["licence_held"] if plain

clear["points_below_limit"] if input.points < rules.limit

clear["points_recorded"] if input.points > 0

clear["violations_handled"] if {
	plain
	police.openViolations == false
}

clear["reduction_left"] if police.reduced < rules.mostReduced

clear["full_study_once"] if police.repeatedFullStudy == false

clear["no_grave_penalty"] if police.gravePenalty == false

clear["licence_unrestricted"] if {
	plain
	input.probation == false
}

clear["vehicles_in_order"] if police.vehicleOverdue == false

clear["no_cheating"] if police.cheatedInEducation == false
