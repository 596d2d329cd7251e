# METADATA
# title: 紧急访问 / Break-glass
# description: >-
#   Which operator may open an emergency access, confirm another's, or ask under one: where, when, for how long, how often, on which
#   legal basis, and what is seen at most. That an access is the operator's own, about this person, and still open, is not for policy
#   to say: the gateway holds to it in any case.
# schemas:
#   - input: schema.breakglass
package zhengqiao.breakglass

result := {
	"allow": true,
	"reasons": set(),
	"secondPerson": terms.secondPerson,
	"confirmMinutes": data.breakglass.confirmMinutes,
	"queries": data.breakglass.queries,
	"unit": terms.unit,
	"fields": object.get(terms, "fields", needed),
} if {
	count(reasons) == 0
} else := {"allow": false, "reasons": reasons}

terms := data.breakglass.operators[input.operator]

needed := data.purposes["break-glass"].fields

reasons contains {"code": "breakglass_not_allowed", "rule": "zhengqiao.breakglass.terms"} if not terms

reasons contains {"code": "breakglass_confirm_not_allowed", "rule": "zhengqiao.breakglass.reasons"} if {
	input.action == "confirm"
	not terms.confirms
}

reasons contains {"code": "breakglass_region_not_allowed", "rule": "zhengqiao.breakglass.near"} if {
	terms
	not near
}

near if terms.regions == "all"

near if input.region in terms.regions

reasons contains {"code": "breakglass_not_on_duty", "rule": "zhengqiao.breakglass.timely"} if {
	terms
	not timely
}

# Hours in China; a duty of the night runs over midnight.
timely if {
	input.hour >= terms.hours.from
	input.hour < terms.hours.until
}

timely if {
	terms.hours.from > terms.hours.until
	input.hour >= terms.hours.from
}

timely if {
	terms.hours.from > terms.hours.until
	input.hour < terms.hours.until
}

reasons contains {"code": "breakglass_basis_not_accepted", "rule": "zhengqiao.breakglass.reasons"} if {
	not input.legalBasis in data.purposes["break-glass"].legalBases
}

reasons contains {"code": "breakglass_too_long", "rule": "zhengqiao.breakglass.reasons"} if {
	input.minutes > data.breakglass.minutes
}

reasons contains {"code": "breakglass_too_often", "rule": "zhengqiao.breakglass.reasons"} if {
	input.action == "open"
	input.openedToday >= terms.daily
}
