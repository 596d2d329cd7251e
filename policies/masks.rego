# METADATA
# title: 脱敏 / Masks
# description: >-
#   How a shown field is masked. Undefined for a field without masks in the catalogue, which then is not shown.
package zhengqiao.masks

import data.zhengqiao.table

mask(request, field) := {"mask": "none", "rule": "zhengqiao.masks.unmasked"} if {
	data.fields[field].masks
	reaches(request, data.platforms[request.platform].unmasked[request.purpose])
} else := {"mask": mask, "rule": "zhengqiao.masks.owner"} if {
	owner(request)
	mask := data.fields[field].masks.owner
} else := common(request.platform, field)

# For whoever is neither the owner nor let through unmasked.
common(platform, field) := {"mask": mask, "rule": "zhengqiao.masks.third_party"} if {
	data.platforms[platform].standing == "third-party"
	mask := data.fields[field].masks.thirdParty
} else := {"mask": data.fields[field].masks.usual, "rule": "zhengqiao.masks.usual"}

# The authority itself, or the province that keeps the licence, for a well authenticated citizen.
owner(request) if {
	request.zone == "home"
	data.platforms[request.platform].standing in {"authority", "province"}
	reaches(request, data.assurance.ownerLevel)
}

reaches(request, level) if table.ranks[request.level] >= table.ranks[level]
