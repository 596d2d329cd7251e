package zhengqiao.freshness_test

import data.zhengqiao.freshness
import data.zhengqiao.testing

test_bound_of_the_tier if freshness.terms.bound == 600 with input as testing.request

test_caller_tightens if freshness.terms.bound == 5 with input as testing.changed("maxAge", 5)

test_caller_does_not_loosen if freshness.terms.bound == 600 with input as testing.changed("maxAge", 5000)

test_below_the_floor if {
	weekly := object.union(testing.request, {"platform": "thirdparty-mini", "maxAge": 5})
	testing.codes(freshness.reasons) == {"freshness_below_tier"} with input as weekly
}
