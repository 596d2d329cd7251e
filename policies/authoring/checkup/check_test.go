package checkup_test

import (
	"crypto/sha256"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/checkup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShippedPoliciesAreInOrder(t *testing.T) {
	t.Parallel()
	for _, finding := range checkup.Check(t.Context(), authoringtest.Shipped(t), sha256.New) {
		t.Error(finding)
	}
}

// TestFindings: each mistake is found where it is written, in both languages, with what was probably meant.
func TestFindings(t *testing.T) {
	t.Parallel()
	const rule = "package zhengqiao.zz\n\n"
	for name, c := range map[string]struct{ path, content, place, en, zh string }{
		"input":                    {"zz.rego", rule + "bad if input.platfrom == \"a\"\n", "zz.rego:3", `input has no member "platfrom"; did you mean "platform"?`, `input 没有成员 "platfrom"。是否应为 "platform"？`},
		"input below":              {"zz.rego", rule + "bad if input.purpose.legalBases == \"a\"\n", "zz.rego:3", `did you mean "legalBasis"?`, `是否应为 "legalBasis"？`},
		"of an announcement":       {"zz.rego", "# METADATA\n# title: A\n# schemas:\n#   - input: schema.announcement\n" + rule + "bad if input.platform == \"a\"\n", "zz.rego:7", `input has no member "platform"`, `没有成员 "platform"`},
		"data":                     {"zz.rego", rule + "bad if data.platfroms.a\n", "zz.rego:3", `data has no member "platfroms"; did you mean "platforms"?`, `是否应为 "platforms"`},
		"data, through a variable": {"zz.rego", rule + "bad if {\n\tsome platform in data.platforms\n\tplatform.standin == \"authority\"\n}\n", "zz.rego:5", `did you mean "standing"?`, `是否应为 "standing"`},
		"data, a key":              {"zz.rego", rule + "bad if data.fields.pionts.masks\n", "zz.rego:3", `did you mean "points"?`, `是否应为 "points"`},
		"another rule":             {"zz.rego", rule + "import data.zhengqiao.offer\n\nbad if offer.tems\n", "zz.rego:5", `data.zhengqiao.offer has no member "tems"; did you mean "terms"?`, `是否应为 "terms"`},
		"another package":          {"zz.rego", rule + "import data.zhengqiao.offre\n\nbad if offre.terms\n", "zz.rego:5", `did you mean "offer"?`, `是否应为 "offer"`},
		"what another rule gives":  {"zz.rego", rule + "import data.zhengqiao.decision\n\nbad if decision.result.alow\n", "zz.rego:5", `did you mean "allow"?`, `是否应为 "allow"`},
		"function":                 {"zz.rego", rule + "bad if startwith(input.platform, \"a\")\n", "zz.rego:3", `undefined function startwith; did you mean "startswith"?`, `没有函数 startwith。是否应为 "startswith"？`},
		"forbidden function":       {"zz.rego", rule + "bad if http.send({}).body\n", "zz.rego:3", "http.send: a policy may not call it", "策略不得调用函数 http.send"},
		"syntax":                   {"zz.rego", rule + "bad if {\n", "zz.rego:", "unexpected eof", "语法错误"},
		"unused variable":          {"zz.rego", rule + "bad if { x := 1 }\n", "zz.rego:3", "assigned var x unused", "编译错误"},
		"unsafe variable":          {"zz.rego", rule + "bad if x == 1\n", "zz.rego:3", "var x is unsafe", "变量未赋值"},
		"reason without text":      {"zz.rego", rule + "bad := {\"code\": \"no_rul\", \"rule\": \"r\"}\n", "zz.rego:3", `reason code "no_rul" has no texts in data/reasons.yaml; did you mean "no_rule"?`, "没有说明文字"},
		"in a test":                {"zz_test.rego", "package zhengqiao.zz_test\n\nimport data.zhengqiao.offer\n\ntest_a if offer.tems\n", "zz_test.rego:5", `did you mean "terms"?`, `是否应为 "terms"`},
		"table asks the input":     {"zz.rego", "package zhengqiao.table\n\nbad if input.platform == \"a\"\n", "zz.rego:3", "must not depend on input", "有误"},
		"data: name":               {"data/tiers.yaml", "tiers:\n  realtme: {zh: 实时, en: real time, bound: 600, floor: 0, onStale: refuse}\n", "data/tiers.yaml:2", `did you mean "realtime"?`, `是否应为 "realtime"？`},
		"data: member":             {"data/limits.yaml", "limits:\n  ageOfConsent: 14\n  vehicels: 10\n  unitPattern: \"^a$\"\n", "data/limits.yaml:3", `did you mean "vehicles"?`, `是否应为 "vehicles"`},
		"data: form":               {"data/limits.yaml", "limits: [\n", "data/limits.yaml:1", "", "有误"},
		"schema":                   {"schema/input.json", "{", "schema/input.json", "", "有误"},
		"case: member":             {"cases/zz.yaml", "a case:\n  requst: {age: 13}\n", "cases/zz.yaml", "requst", "有误"},
		"case: base":               {"cases/zz.yaml", "a case:\n  base: nobody\n", "cases/zz.yaml:1", `no case "nobody"`, "有误"},
		"matrix: field":            {"matrix/zz.yaml", "platform: nobody\nsees:\n", "matrix/zz.yaml:1", "nobody is no platform", "有误"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := checkup.Check(t.Context(), authoringtest.Add(authoringtest.Shipped(t), c.path, c.content), sha256.New)
			for _, found := range findings {
				if strings.HasPrefix(found.Place(), c.place) && strings.Contains(found.Text.EN, c.en) && strings.Contains(found.Text.ZH, c.zh) {
					return
				}
			}
			t.Errorf("found %v, want %s: %s / %s", findings, c.place, c.en, c.zh)
		})
	}
}
