package policies_test

import (
	"slices"
	"testing"

	"github.com/zhengqiao/zhengqiao/policies"
)

func TestAbout(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	about := engine.About()
	at := slices.IndexFunc(about.Chapters, func(c policies.Chapter) bool { return c.File == "region.rego" })
	if at < 0 || about.Revision != engine.Revision() {
		t.Fatalf("%+v", about)
	}
	region := about.Chapters[at]
	if region.Package != "zhengqiao.region" || region.Title == "" || region.Description == "" || len(region.Rules) == 0 || !slices.Contains(region.Codes, "cross_province_not_allowed") {
		t.Errorf("%+v", region)
	}
	for _, chapter := range about.Chapters {
		for _, code := range chapter.Codes {
			if about.Reasons[code].ZH == "" || about.Reasons[code].EN == "" {
				t.Errorf("%s: no text for %s", chapter.File, code)
			}
		}
	}
}
