package zhengqiao.grants_test

# What the data grants beyond the usual. Much of it makes no difference today, since something else stands in the way as well; these
# tests hold it so that it makes none tomorrow either.

test_only_12123_unmasks_and_only_for_business if {
	unmasked := {platform: registered.unmasked | some platform, registered in data.platforms}
	unmasked == {"jiaoguan12123": {"licence-business": "face"}}
}

# National platforms are at home everywhere; what they may do across borders would be a mistake of their entry.
test_what_crosses_provincial_borders if {
	across := {[registered.standing, purpose] |
		some registered in data.platforms
		some purpose, lowest in registered.purposes
		lowest.away
	}
	across == {
		["province", "self-query"], ["province", "licence-business"], ["province", "violation-handling"], ["province", "status-sync"],
		["authority", "status-sync"], ["channel", "status-sync"], ["third-party", "status-sync"],
	}
}

test_only_telling_counts_for_an_authentication if {
	counting := {purpose: wanted.countsAs | some purpose, wanted in data.purposes}
	counting == {"status-sync": "account", "break-glass": "face"}
}

# Who has no score to give can say so only for methods that want one.
test_pass_or_fail_is_for_scored_methods if {
	every provider in data.providers {
		every method in provider.passOrFail {
			data.assurance.methods[method].similarity > 0
		}
	}
}

# Education is for who serves citizens in person: provinces and the police's own platform.
test_who_may_ask_about_education if {
	asking := {platform | some platform, registered in data.platforms; "study.eligibility" in registered.operations}
	asking == {"suishenban", "zheliban", "suihaoban", "jiaoguan12123"}
}

# Emergency access is to a licence and its violations, never to a picture, and always an answerable operator's.
test_emergency_access_is_narrow if {
	data.platforms["break-glass"].operations == ["licence.query", "violations.query"]
	wanted := data.purposes["break-glass"]
	wanted.operations == ["licence.query", "violations.query"]
	wanted.requires == ["matterName", "case", "operator", "unit"]
	wanted.operators == ["unit"]
	wanted.legalBases == ["PIPL-13-4"]
}
