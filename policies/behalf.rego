# METADATA
# title: 代办 / On behalf
# description: >-
#   Whether somebody may ask in the person's place, as guardian or as delegate, and what he sees then. The authentications are his.
package zhengqiao.behalf

import data.zhengqiao.assurance
import data.zhengqiao.masks
import data.zhengqiao.offer
import data.zhengqiao.request
import data.zhengqiao.table

accepted if count(reasons) == 0

terms := data.behalf[request.behalf.relation] if offer.terms

# What somebody shows whose relation is known; undefined if the person asks himself.
asked := request.behalf if terms

reasons contains {"code": "behalf_not_for_purpose", "rule": "zhengqiao.behalf.for_purpose"} if {
	offer.terms
	not request.alone
	not for_purpose
}

reasons contains {"code": "behalf_not_for_platform", "rule": "zhengqiao.behalf.for_platform"} if {
	asked
	not for_platform
}

reasons contains {"code": "relation_not_for_age", "rule": "zhengqiao.request.behalf"} if {
	asked
	not asked.fits
}

reasons contains {"code": "agent_is_subject", "rule": "zhengqiao.request.behalf"} if asked.agent == "subject"

reasons contains {"code": "agent_not_of_age", "rule": "zhengqiao.request.behalf"} if asked.agent == "young"

reasons contains {"code": "agent_assurance_too_low", "rule": "zhengqiao.behalf.known"} if {
	asked
	not known
}

reasons contains {"code": "grant_term_missing", "rule": "zhengqiao.request.behalf"} if asked.term == "part"

reasons contains {"code": "grant_term_missing", "rule": "zhengqiao.request.behalf"} if {
	terms.limited
	asked.term == "none"
}

reasons contains {"code": "grant_not_yet_in_force", "rule": "zhengqiao.request.behalf"} if asked.term == "future"

reasons contains {"code": "grant_expired", "rule": "zhengqiao.request.behalf"} if asked.term == "over"

reasons contains {"code": "grant_too_long", "rule": "zhengqiao.request.behalf"} if asked.term == "long"

reasons contains {"code": "grant_scope_missing", "rule": "zhengqiao.request.behalf"} if "empty" in asked.scope

reasons contains {"code": "grant_scope_missing", "rule": "zhengqiao.request.behalf"} if {
	terms.limited
	"none" in asked.scope
}

reasons contains {"code": "grant_other_purpose", "rule": "zhengqiao.request.behalf"} if "purpose" in asked.scope

reasons contains {"code": "grant_other_operation", "rule": "zhengqiao.request.behalf"} if "operation" in asked.scope

for_purpose if input.purpose.code in terms.purposes

for_platform if data.platforms[input.platform].standing in terms.standings

# As surely as his part demands, even where the platform's own lowest level for the purpose is lower.
known if assurance.reached.rank >= table.ranks[terms.assurance]

# What is left of the fields that the platform would show: none of a class that is closed to the agent, and none outside of his grant.
narrowed(seen) := {
	"grants": {field: masked(field, grant) | some field, grant in seen.grants; not closed(field)},
	"withheld": object.union(seen.withheld, {field: closed(field) | some field, _ in seen.grants}),
}

closed(field) := {"code": "not_for_agent", "rule": "zhengqiao.behalf.closed"} if {
	data.fields[field].sensitivity in terms.hidden
} else := {"code": "grant_other_field", "rule": "zhengqiao.behalf.closed"} if {
	not "none" in asked.scope
	not field in asked.fields
}

masked(_, grant) := grant if terms.asOwner

masked(field, _) := masks.common(input.platform, field) if not terms.asOwner
