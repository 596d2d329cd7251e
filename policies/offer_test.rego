package zhengqiao.offer_test

import data.zhengqiao.offer
import data.zhengqiao.testing

test_registered if count(offer.reasons) == 0 with input as testing.request

test_unknown_platform if {
	testing.codes(offer.reasons) == {"unknown_platform"} with input as testing.changed("platform", "nobody")
}

test_purpose_not_granted if {
	testing.codes(offer.reasons) == {"purpose_not_allowed"} with input as testing.stated({"code": "curiosity"})
}

test_operation_not_granted if {
	testing.codes(offer.reasons) == {"operation_not_allowed"} with input as testing.changed("operation", "licence.delete")
}

test_no_purpose if {
	testing.codes(offer.reasons) == {"purpose_not_allowed"} with input as testing.blank(["code"])
}
