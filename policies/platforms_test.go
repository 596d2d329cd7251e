package policies_test

import (
	"reflect"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

func TestPlatforms(t *testing.T) {
	t.Parallel()
	all := sharedEngine(t).Platforms()
	regions := map[string]exchange.Region{}
	for _, platform := range all {
		regions[platform.ID] = platform.Region
	}
	if want := map[string]exchange.Region{
		"jiaoguan12123": "000000", "suihaoban": "440000", "suishenban": "310000", "thirdparty-mini": "000000",
		"wechat-city": "000000", "zheliban": "330000",
	}; !reflect.DeepEqual(regions, want) {
		t.Errorf("regions %v, want %v", regions, want)
	}
	want := policies.PlatformInfo{
		ID: "thirdparty-mini", Name: exchange.Text{ZH: "第三方小程序", EN: "third-party mini programs"}, Region: exchange.National, Tier: "weekly",
		Purposes: []policies.PurposeInfo{
			{
				Code: "qualification-check", Name: exchange.Text{ZH: "从业资格核验", EN: "check of a professional driver's qualification"},
				Operations: []exchange.Operation{"licence.query"}, LegalBases: []string{"consent", "PIPL-13-1", "PIPL-13-3"}, Home: "sms",
			}, {
				Code: "reminder", Name: exchange.Text{ZH: "提醒服务", EN: "reminders (renewal, end of cycle, inspection)"},
				Operations: []exchange.Operation{"licence.query"}, LegalBases: []string{"consent", "PIPL-13-1"}, Home: "phone",
			}, {
				Code: "self-query", Name: exchange.Text{ZH: "本人查询", EN: "query of one's own record"},
				Operations: []exchange.Operation{"licence.query"}, LegalBases: []string{"consent", "PIPL-13-1", "PIPL-13-3"}, Home: "sms",
			}, {
				Code: "status-sync", Name: exchange.Text{ZH: "驾驶证状态变更同步", EN: "synchronisation of changes"},
				Operations: []exchange.Operation{"changes.deliver"}, LegalBases: []string{"PIPL-13-3"}, Home: "none", Away: "none",
			},
		},
	}
	for _, platform := range all {
		if platform.ID == want.ID && !reflect.DeepEqual(platform, want) {
			t.Errorf("%+v, want %+v", platform, want)
		}
	}
}

// TestPlatformsAreThoseInForce: after a reload the new ones are told.
func TestPlatformsAreThoseInForce(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, policies.Embedded())
	engine.Platforms()[0].Purposes[0].LegalBases[0] = "spoilt" // which is this caller's own
	shifted := typo{"platforms", `"330000"`, `"320000"`, "", ""}
	if err := engine.Reload(changed(t, map[string]string{"data/platforms.yaml": shifted.in(t, dataFile(t, "data/platforms.yaml"))})); err != nil {
		t.Fatal(err)
	}
	for _, platform := range engine.Platforms() {
		if platform.ID == "zheliban" && platform.Region != "320000" || platform.Purposes[0].LegalBases[0] == "spoilt" {
			t.Errorf("%+v", platform)
		}
	}
}
