package zhengqiao.region_test

import data.zhengqiao.region
import data.zhengqiao.testing

test_own_province_is_home if region.terms.need == 2 with input as testing.request

test_other_province_needs_more if region.terms.need == 4 with input as testing.changed("region", "330000")

test_national_platform_is_home_everywhere if {
	region.terms.need == 2 with input as object.union(testing.request, {"platform": "jiaoguan12123", "region": "650000"})
}

test_purpose_that_does_not_cross if {
	elsewhere := object.union(testing.stated({"code": "reminder"}), {"region": "330000"})
	testing.codes(region.reasons) == {"cross_province_not_allowed"} with input as elsewhere
}
