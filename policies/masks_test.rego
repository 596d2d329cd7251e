package zhengqiao.masks_test

import data.zhengqiao.masks

own := {"platform": "suishenban", "zone": "home", "purpose": "self-query", "level": "face"}

cases := {
	"owner": {"change": {}, "mask": "ordinary"},
	"weaker": {"change": {"level": "sms"}, "mask": "strong"},
	"another province": {"change": {"zone": "away"}, "mask": "strong"},
	"channel": {"change": {"platform": "wechat-city"}, "mask": "strong"},
	"third party": {"change": {"platform": "thirdparty-mini"}, "mask": "strong"},
	"authority": {"change": {"platform": "jiaoguan12123"}, "mask": "ordinary"},
	"authority, business": {"change": {"platform": "jiaoguan12123", "purpose": "licence-business"}, "mask": "none"},
	"authority, business, weaker": {
		"change": {"platform": "jiaoguan12123", "purpose": "licence-business", "level": "bankcard"},
		"mask": "ordinary",
	},
}

test_masks_of_the_id_number if {
	every case in cases {
		masks.mask(object.union(own, case.change), "idNumber").mask == case.mask
	}
}

test_nothing_for_a_field_without_masks if not masks.mask(own, "bloodType")

test_nothing_for_a_field_without_masks_even_unmasked if {
	business := object.union(own, {"platform": "jiaoguan12123", "purpose": "licence-business"})
	masks.mask(business, "name").mask == "none"
	not masks.mask(business, "bloodType")
}

# No shipped field shows third parties more or less than others, so the difference is made here.
third := {"thirdparty-mini": "year", "wechat-city": "thirds", "suishenban": "thirds"}

test_third_parties_have_masks_of_their_own if {
	fields := object.union(data.fields, {"points": {"masks": {"usual": "thirds", "thirdParty": "year"}}})
	every platform, mask in third {
		masks.mask(object.union(own, {"platform": platform}), "points").mask == mask with data.fields as fields
	}
}
