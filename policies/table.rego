# METADATA
# title: Table
# description: >-
#   What each platform sees of each operation, by zone, purpose and level of assurance. Nothing here depends on a request, so
#   the gateway evaluates this package once when it loads the policies and looks the answer up afterwards.
package zhengqiao.table

import data.zhengqiao.fields

# Place of each level in the order.
ranks[level] := rank if some rank, level in data.assurance.levels

cells[platform][zone][purpose][operation][level] := cell if {
	some platform, terms in data.platforms
	some purpose, lowest in terms.purposes
	some zone, need in lowest
	some operation in data.purposes[purpose].operations
	operation in terms.operations
	some rank, level in data.assurance.levels
	rank >= ranks[need]
	cell := shown({"platform": platform, "zone": zone, "purpose": purpose, "level": level}, operation)
}

shown(request, operation) := {"grants": grants, "withheld": withheld} if {
	verdicts := {field: verdict |
		some field, entry in data.fields
		entry.operation == operation
		verdict := fields.verdict(request, field)
	}
	grants := {field: verdict | some field, verdict in verdicts; verdict.mask}
	withheld := {field: verdict | some field, verdict in verdicts; verdict.code}
}
