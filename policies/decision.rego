# METADATA
# title: Decision
# description: >-
#   The document that the gateway asks for. A request is allowed if no package refuses it and at least one wanted field is
#   shown. Whatever no rule grants is withheld.
package zhengqiao.decision

import data.zhengqiao.assurance
import data.zhengqiao.freshness
import data.zhengqiao.purpose
import data.zhengqiao.region
import data.zhengqiao.subject
import data.zhengqiao.table

result := {
	"reasons": refusals,
	"grants": {},
	"withheld": {},
	"freshness": freshness.terms,
	"assurance": assurance.level,
	"checkIdentity": check_identity,
} if {
	count(refusals) > 0
} else := {
	"reasons": hidden,
	"grants": {},
	"withheld": withheld,
	"freshness": freshness.terms,
	"assurance": assurance.level,
	"checkIdentity": check_identity,
} if {
	count(grants) == 0
} else := {
	"reasons": set(),
	"grants": grants,
	"withheld": withheld,
	"freshness": freshness.terms,
	"assurance": assurance.level,
	"checkIdentity": check_identity,
}

refusals := (purpose.reasons | assurance.reasons) | ((region.reasons | freshness.reasons) | subject.reasons)

# The cell of the table for this request. There is none where the table allows nothing, which grants nothing.
cell := table.cells[input.platform][region.zone][input.purpose.code][input.operation][assurance.level]

default grants := {}

grants := object.filter(cell.grants, input.fields)

default named := {}

named := object.filter(cell.withheld, input.fields)

withheld := named if {
	count(grants) + count(named) == count(input.fields)
} else := object.union(named, unnamed)

unnamed[field] := {"code": "no_rule", "rule": "zhengqiao.decision.unnamed"} if {
	some field in input.fields
	not grants[field]
	not named[field]
}

# Nothing may be shown: say so, and why field by field. A failed face comparison that would have opened a field comes first.
hidden contains {"code": "nothing_visible", "rule": "zhengqiao.decision.hidden"}

hidden contains reason if some reason in withheld

hidden contains {"code": "face_similarity_low", "rule": "zhengqiao.decision.hidden"} if {
	assurance.face_low
	opened := table.cells[input.platform][region.zone][input.purpose.code][input.operation].face.grants
	some field in input.fields
	opened[field]
}

# Fail towards asking: only a platform that is expressly exempt skips the population register.
default check_identity := true

check_identity := false if data.platforms[input.platform].identityCheck == false
