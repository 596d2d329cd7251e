# METADATA
# title: 变更报告 / Announcement
# description: >-
#   Who may announce changes of a licence, and with what rank: by standing, and for some only within their own province. What
#   stands in the end is not decided here.
# schemas:
#   - input: schema.announcement
package zhengqiao.announce

result := {"rank": terms.rank, "reasons": set()} if {
	accepted
} else := {"rank": "none", "reasons": reasons}

reporter := data.platforms[input.reporter] if {
	data.platforms[input.reporter]
} else := data.reporters[input.reporter]

terms := data.announcements[reporter.standing]

accepted if {
	covered
	near
}

# All that it says is for it to say, and it says something.
covered if {
	count(input.aspects) > 0
	every aspect in input.aspects {
		aspect in terms.aspects
	}
}

near if terms.regions == "all"

near if {
	terms.regions == "own"
	reporter.region == input.region
}

reasons contains {"code": "unknown_reporter", "rule": "zhengqiao.announce.reporter"} if not reporter

reasons contains {"code": "announcement_not_allowed", "rule": "zhengqiao.announce.terms"} if {
	reporter
	not terms
}

reasons contains {"code": "aspect_not_allowed", "rule": "zhengqiao.announce.covered"} if {
	terms
	not covered
}

reasons contains {"code": "region_not_own", "rule": "zhengqiao.announce.near"} if {
	terms
	not near
}
