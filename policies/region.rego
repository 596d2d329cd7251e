# METADATA
# title: Region
# description: >-
#   Whether the province that keeps the licence is the platform's own. National platforms are at home everywhere.
package zhengqiao.region

platform := data.platforms[input.platform]

zone := "home" if {
	platform.region == input.region
} else := "home" if {
	platform.region == "000000"
} else := "away"

reasons contains {"code": "cross_province_not_allowed", "rule": "zhengqiao.region.crossing"} if {
	zone == "away"
	granted := platform.purposes[input.purpose.code]
	not granted.away
}
