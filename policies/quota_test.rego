package zhengqiao.quota_test

import data.zhengqiao.quota

counted := {"byStanding": {"province": {"self-query": {"requestsPerDay": 2, "subjectsPerHour": 3}, "reminder": {"requestsPerHour": 4}}}}

named(terms) := {sprintf("%d %s per %d", [term.most, term.of, term.per]) | some term in terms}

test_by_standing if {
	terms := quota.terms("suishenban", "self-query") with data.quotas as counted
	named(terms) == {"2 requests per 86400", "3 subjects per 3600"}
	every term in terms { term.code == "quota_of_purpose_spent" }
}

# An entry of the platform stands in the place of its standing's, for that purpose alone.
test_by_platform if {
	own := object.union(counted, {"byPlatform": {"suishenban": {"self-query": {"subjectsPerDay": 7}}}})
	terms := quota.terms("suishenban", "self-query") with data.quotas as own
	named(terms) == {"7 subjects per 86400"}
	others := quota.terms("zheliban", "self-query") with data.quotas as own
	named(others) == {"2 requests per 86400", "3 subjects per 3600"}
	rest := quota.terms("suishenban", "reminder") with data.quotas as own
	named(rest) == {"4 requests per 3600"}
}

test_none if {
	quota.terms("wechat-city", "self-query") == [] with data.quotas as counted
	quota.terms("suishenban", "self-query") == [] with data.quotas as {}
}
