package zhengqiao.request_test

import data.zhengqiao.request
import data.zhengqiao.testing

verdicts := {
	"scored": {"face": {"similarity": 0.85}, "verdict": "good"},
	"below": {"face": {"similarity": 0.8499}, "verdict": "low"},
	"zero": {"face": {"similarity": 0}, "verdict": "low"},
	"above one": {"face": {"similarity": 1.01}, "verdict": "worthless"},
	"percentage": {"face": {"similarity": 85}, "verdict": "worthless"},
	"left out": {"face": {}, "verdict": "unscored"},
	"left out by a provider without scores": {"face": {"provider": "wechat"}, "verdict": "good"},
	"failed with a provider without scores": {"face": {"provider": "wechat", "similarity": 0.5}, "verdict": "low"},
	"old and failed": {"face": {"similarity": 0.5, "age": 1000000}, "verdict": "old"},
	"a method nobody knows": {"face": {"method": "palm"}, "verdict": "worthless"},
	"a percentage for a method without scores": {"face": {"method": "sms", "similarity": 85}, "verdict": "worthless"},
	"a method without scores": {"face": {"method": "sms"}, "verdict": "good"},
}

face(change) := object.union({"method": "face", "provider": "p", "age": 0}, change)

test_verdicts if {
	every case in verdicts {
		proofs := request.proofs with input as testing.changed("authentications", [face(case.face)])
		{proof.verdict | some proof in proofs} == {case.verdict}
	}
}

pairs := {
	"failed before": {"other": {"provider": "wechat", "similarity": 0.5}, "verdicts": {"low", "unscored"}},
	"passed with a score": {"other": {"provider": "wechat", "similarity": 0.9}, "verdicts": {"good", "unscored"}},
	"failed long ago": {"other": {"provider": "wechat", "similarity": 0.5, "age": 1000000}, "verdicts": {"old", "unscored"}},
	"failed elsewhere": {"other": {"similarity": 0.5}, "verdicts": {"low", "good"}},
	"another method": {"other": {"provider": "wechat", "method": "voice", "similarity": 0.5}, "verdicts": {"good"}},
}

test_a_pass_beside_another if {
	every case in pairs {
		authentications := [face(case.other), face({"provider": "wechat"})]
		proofs := request.proofs with input as testing.changed("authentications", authentications)
		{proof.verdict | some proof in proofs} == case.verdicts
	}
}
