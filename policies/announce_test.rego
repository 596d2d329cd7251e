package zhengqiao.announce_test

import data.zhengqiao.announce
import data.zhengqiao.testing

report := {"now": 1000000000, "reporter": "suishenban", "region": "310000", "aspects": ["replacement"]}

cases := {
	"a province of its own": {"change": {}, "rank": "province", "codes": set()},
	"a province of another": {"change": {"region": "330000"}, "rank": "none", "codes": {"region_not_own"}},
	"a province of points": {"change": {"aspects": ["status", "points"]}, "rank": "none", "codes": {"aspect_not_allowed"}},
	"both": {"change": {"region": "330000", "aspects": ["classes"]}, "rank": "none", "codes": {"aspect_not_allowed", "region_not_own"}},
	"of nothing": {"change": {"aspects": []}, "rank": "none", "codes": {"aspect_not_allowed"}},
	"the authority": {"change": {"reporter": "jiaoguan12123", "aspects": ["points", "cycle"]}, "rank": "authority", "codes": set()},
	"a source of the authority": {"change": {"reporter": "tmri", "region": "650000"}, "rank": "authority", "codes": set()},
	"a source of a province": {"change": {"reporter": "zheliban-sharing"}, "rank": "none", "codes": {"region_not_own"}},
	"a channel": {"change": {"reporter": "wechat-city"}, "rank": "none", "codes": {"announcement_not_allowed"}},
	"a third party": {"change": {"reporter": "thirdparty-mini"}, "rank": "none", "codes": {"announcement_not_allowed"}},
	"nobody": {"change": {"reporter": "nobody"}, "rank": "none", "codes": {"unknown_reporter"}},
}

test_ranks if {
	every case in cases {
		result := announce.result with input as object.union(report, case.change)
		result.rank == case.rank
		testing.codes(result.reasons) == case.codes
	}
}
