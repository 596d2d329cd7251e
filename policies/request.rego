# METADATA
# title: 请求 / Request
# description: >-
#   What a request amounts to: the few distinctions in it that the other packages decide by. Times, ages, counts and names, which
#   are many, are read here and nowhere else, so that requests that amount to the same are decided once.
package zhengqiao.request

import data.zhengqiao.table

# What each authentication is worth. Several weak ones do not add up to a strong one.
proofs contains proof(authentication) if some authentication in input.authentications

# Neither older than the window nor dated after the request, and scored as high as the method wants. A similarity is a share of 1;
# one above that (a percentage, say) proves nothing.
proof(authentication) := {"method": authentication.method, "verdict": "good"} if {
	authentication.age >= 0
	authentication.age <= table.scale.window
	authentication.similarity <= 1
	authentication.similarity >= table.scale.methods[authentication.method].similarity
} else := {"method": authentication.method, "verdict": "good"} if {
	current(authentication)
	not authentication.similarity
	counts_unscored(authentication)
} else := {"method": authentication.method, "verdict": "old"} if {
	not current(authentication)
} else := {"method": authentication.method, "verdict": "low"} if {
	authentication.similarity < table.scale.methods[authentication.method].similarity
} else := {"method": authentication.method, "verdict": "unscored"} if {
	table.scale.methods[authentication.method]
	not authentication.similarity
} else := {"method": authentication.method, "verdict": "worthless"}

current(authentication) if {
	authentication.age >= 0
	authentication.age <= table.scale.window
}

# Without a score counts what needs none, and what comes from a provider that has none to give. One that gave a score for the
# same method in this request has one to give, and leaving out the score that failed must not help.
counts_unscored(authentication) if {
	table.scale.methods[authentication.method].similarity == 0
} else if {
	authentication.method in data.providers[authentication.provider].passOrFail
	not scores(authentication)
}

scores(authentication) if {
	some other in input.authentications
	other.provider == authentication.provider
	other.method == authentication.method
	other.similarity
}

# Who acts: the citizen, the gateway, or else somebody for a unit.
actor := "citizen" if {
	input.purpose.operator == "self"
} else := "gateway" if {
	input.purpose.operator == "gateway"
} else := "unit" if {
	regex.match(data.limits.unitPattern, input.purpose.unit)
} else := "nobody"

# Under that age a guardian decides: PIPL art. 31.
of_age if input.subjectAge >= data.limits.ageOfConsent

few_vehicles if input.vehicles <= data.limits.vehicles

# The person asks himself, or somebody does whose business it is.
alone if not input.behalf

# What somebody shows who asks in the person's place. Each part says which of a few cases it is; none is left open.
behalf := {
	"relation": input.behalf.relation,
	"fits": fits(input.behalf.relation),
	"agent": agent(input.behalf),
	"term": term(input.behalf),
	"scope": scope(input.behalf),
	"fields": {field | some field in input.behalf.scope.fields},
}

fits(relation) if {
	input.subjectAge >= data.behalf[relation].subjectAge.from
	input.subjectAge < data.behalf[relation].subjectAge.below
} else := false

agent(given) := "other" if {
	given.agentIsSubject == false
	given.agentAge >= data.behalf[given.relation].agentAge
} else := "young" if {
	given.agentIsSubject == false
} else := "subject"

# A grant is in force from its first moment up to, and not at, its last.
term(given) := "none" if {
	not given.since
	not given.left
} else := "future" if {
	given.since < 0
} else := "over" if {
	given.left <= 0
} else := "in_force" if {
	given.length <= data.behalf[given.relation].longestDays * 86400
} else := "long" if {
	given.length
} else := "part"

# What is wrong with a scope, if anything is.
scope(given) := {"none"} if {
	not given.scope
} else := {"empty"} if {
	some list in ["purposes", "operations", "fields"]
	count(object.get(given.scope, list, [])) == 0
} else := {part | some part, word in {"purpose": input.purpose.code, "operation": input.operation}; not covers(given.scope, part, word)}

covers(stated, part, word) if word in stated[concat("", [part, "s"])]
