# METADATA
# title: 可见项 / Fields
# description: >-
#   Whether one field is shown and, if not, the first ground against it. request has platform, zone, purpose and level.
package zhengqiao.fields

import data.zhengqiao.masks
import data.zhengqiao.table

verdict(request, field) := {"code": "no_rule", "rule": "zhengqiao.fields.named"} if {
	not named(field)
} else := {"code": "not_for_purpose", "rule": "zhengqiao.fields.needed"} if {
	not needed(request, field)
} else := {"code": "not_for_platform", "rule": "zhengqiao.fields.offered"} if {
	not offered(request, field)
} else := {"code": "not_across_provinces", "rule": "zhengqiao.fields.lowest"} if {
	not lowest(request, field)
} else := {"code": "assurance_too_low", "rule": "zhengqiao.fields.assured"} if {
	not assured(request, field)
} else := masks.mask(request, field)

# Some purpose names it.
named(field) if {
	some purpose in data.purposes
	field in purpose.fields
}

# This purpose names it (PIPL art. 6).
needed(request, field) if field in data.purposes[request.purpose].fields

# The platform may show it at all, and for this purpose also by its standing.
offered(request, field) if {
	platform := data.platforms[request.platform]
	within(object.get(platform, "fields", null), field)
	told(data.purposes[request.purpose], platform.standing, field)
}

within(null, _)

within(list, field) if field in list

told(purpose, _, _) if not purpose.byStanding

told(purpose, standing, field) if field in purpose.byStanding[standing]

# The lowest level at which its class is shown in this zone; undefined where it never is.
lowest(request, field) := table.ranks[data.sensitivity[data.fields[field].sensitivity][request.zone]]

assured(request, field) if table.ranks[request.level] >= lowest(request, field)

assured(request, field) if table.ranks[data.purposes[request.purpose].countsAs] >= lowest(request, field)
