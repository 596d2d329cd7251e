# METADATA
# title: 决定 / Decision
# description: >-
#   The document that the gateway asks for. A request is allowed if every package accepts it and at least one wanted field is
#   shown. Whatever no rule grants is withheld.
package zhengqiao.decision

import data.zhengqiao.assurance
import data.zhengqiao.behalf
import data.zhengqiao.freshness
import data.zhengqiao.minors
import data.zhengqiao.offer
import data.zhengqiao.purpose
import data.zhengqiao.region
import data.zhengqiao.request
import data.zhengqiao.subject

result := {
	"allow": true,
	"reasons": set(),
	"grants": shown.grants,
	"withheld": shown.withheld,
	"freshness": freshness.terms,
	"assurance": assurance.reached.level,
	"checkIdentity": offer.terms.checkIdentity,
	"quotas": offer.terms.quotas,
} if {
	accepted
	count(shown.grants) > 0
} else := {
	"allow": false,
	"reasons": hidden,
	"grants": {},
	"withheld": shown.withheld,
	"freshness": freshness.terms,
	"assurance": assurance.reached.level,
	"checkIdentity": true,
} if {
	accepted
} else := {
	"allow": false,
	"reasons": refusals,
	"grants": {},
	"withheld": {},
	"freshness": {"tier": "", "bound": 0, "onStale": "refuse", "rule": "zhengqiao.decision.refusals"},
	"assurance": assurance.reached.level,
	"checkIdentity": true,
}

# The straight way for what is in order. Each package also says why not, which is only asked when something isn't.
accepted if {
	purpose.accepted
	assurance.enough
	freshness.terms
	subject.accepted
	minors.accepted
	behalf.accepted
}

refusals := union({
	offer.reasons,
	purpose.reasons,
	region.reasons,
	assurance.reasons,
	freshness.reasons,
	subject.reasons,
	minors.reasons,
	behalf.reasons,
})

# Somebody in the person's place may see less.
shown := offered if {
	request.alone
} else := behalf.narrowed(offered)

# What the table shows at this level of assurance, of the fields wanted. Mostly that is all of them.
offered := seen if {
	input.fields == seen.fields
} else := {"grants": grants, "withheld": object.union(withheld, unnamed)}

seen := region.terms.seen[assurance.reached.level]

default grants := {}

grants := object.filter(seen.grants, input.fields)

default withheld := {}

withheld := object.filter(seen.withheld, input.fields)

unnamed[field] := {"code": "no_rule", "rule": "zhengqiao.decision.unnamed"} if {
	some field in input.fields
	not grants[field]
	not withheld[field]
}

# Nothing may be shown: say so, and why field by field. A face comparison that doesn't count and would have opened a field is told
# too.
hidden contains {"code": "nothing_visible", "rule": "zhengqiao.decision.hidden"}

hidden contains reason if some reason in shown.withheld

hidden contains assurance.face_fault if {
	some field in input.fields
	region.terms.seen.face.grants[field]
}
