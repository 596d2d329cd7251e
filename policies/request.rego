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

# PIPL art. 31: under that age a guardian decides.
of_age if input.subjectAge >= data.limits.ageOfConsent

few_vehicles if input.vehicles <= data.limits.vehicles
