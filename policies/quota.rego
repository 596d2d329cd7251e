# METADATA
# title: 用途配额 / Quotas
# description: >-
#   How much a platform may ask for a purpose. The gateway counts; what it counts by is told with the decision.
package zhengqiao.quota

terms(platform, purpose) := [term |
	some name, most in limits(platform, purpose)
	term := object.union(kinds[name], {"most": most, "code": "quota_of_purpose_spent", "rule": "zhengqiao.quota.terms"})
]

# The platform's own, or else its standing's.
limits(platform, purpose) := object.get(data.quotas, ["byPlatform", platform, purpose], usual) if {
	usual := object.get(data.quotas, ["byStanding", data.platforms[platform].standing, purpose], {})
}

kinds := {
	"requestsPerHour": {"of": "requests", "per": 3600},
	"requestsPerDay": {"of": "requests", "per": 86400},
	"subjectsPerHour": {"of": "subjects", "per": 3600},
	"subjectsPerDay": {"of": "subjects", "per": 86400},
}
