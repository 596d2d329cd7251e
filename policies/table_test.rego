package zhengqiao.table_test

import data.zhengqiao.table

test_levels_rise if table.ranks == {"none": 0, "phone": 1, "account": 2, "sms": 3, "bankcard": 4, "face": 5}

test_every_registered_purpose_is_offered if {
	every platform, registered in data.platforms {
		object.keys(table.offers[platform]) == object.keys(registered.purposes)
	}
}

test_nothing_is_offered_below_the_lowest_level if {
	every platform, zone in {"suishenban": "home", "thirdparty-mini": "home"} {
		not table.offers[platform]["self-query"]["licence.query"].zones[zone].seen.phone
	}
}

test_reminders_need_a_phone if table.offers.suishenban.reminder["licence.query"].zones.home.seen.phone
