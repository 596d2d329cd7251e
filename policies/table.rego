# METADATA
# title: 授权表 / Table
# description: >-
#   What each platform is offered: by purpose and operation, and in it by zone and level of assurance what it sees. Nothing here
#   depends on a request, so the gateway evaluates this package once when it loads the policies and looks answers up afterwards.
package zhengqiao.table

import data.zhengqiao.fields
import data.zhengqiao.quota

# Place of each level in the order.
ranks[level] := rank if some rank, level in data.assurance.levels

scale := {
	"steps": [{"rank": rank, "level": level} | some rank, level in data.assurance.levels],
	"window": data.assurance.windowSeconds,
	"methods": {name: {"rank": ranks[method.level], "similarity": method.similarity} |
		some name, method in data.assurance.methods
	},
}

offers[platform][purpose][operation] := offer if {
	some platform, registered in data.platforms
	some purpose, lowest in registered.purposes
	wanted := data.purposes[purpose]
	some operation in wanted.operations
	operation in registered.operations
	tier := data.tiers[registered.tier]
	offer := {
		"region": registered.region,
		"checkIdentity": registered.identityCheck,
		"requires": {part | some part in wanted.requires},
		"operators": {operator | some operator in wanted.operators},
		"legalBases": {basis: true | some basis in wanted.legalBases; data.legalBases[basis]},
		"floor": tier.floor,
		"quotas": quota.terms(platform, purpose),
		"freshness": {
			"tier": registered.tier,
			"bound": tier.bound,
			"onStale": tier.onStale,
			"rule": "zhengqiao.freshness.terms",
		},
		"zones": {zone: {"need": ranks[need], "seen": seen(platform, purpose, zone, operation)} |
			some zone, need in lowest
		},
	}
}

# By level, from the lowest at which the platform may act.
seen(platform, purpose, zone, operation) := {level: shown(request, operation) |
	some rank, level in data.assurance.levels
	rank >= ranks[data.platforms[platform].purposes[purpose][zone]]
	request := {"platform": platform, "zone": zone, "purpose": purpose, "level": level}
}

shown(request, operation) := {"fields": sort(object.keys(verdicts)), "grants": grants, "withheld": withheld} if {
	verdicts := {field: verdict |
		some field, entry in data.fields
		operation in entry.operations
		verdict := fields.verdict(request, field)
	}
	grants := {field: verdict | some field, verdict in verdicts; verdict.mask}
	withheld := {field: verdict | some field, verdict in verdicts; verdict.code}
}
