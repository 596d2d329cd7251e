package seeded_test

import (
	"crypto/sha256"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/checkup"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/suite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// mistake is an edit of the shipped policies, what finds it, and how it is named: by its place, or by the rule that now decides.
type mistake struct {
	path, old, now string
	by             string // check, rego, cases or matrix
	names          []string
}

func mistakes() map[string]mistake {
	return map[string]mistake{
		"a member of the input misspelt":       {"region.rego", "in {input.region,", "in {input.regoin,", "check", []string{"region.rego:12", `did you mean "region"?`}},
		"a member of the data misspelt":        {"announce.rego", "terms := data.announcements[reporter.standing]", "terms := data.anouncements[reporter.standing]", "check", []string{"announce.rego:", `did you mean "announcements"?`}},
		"a member of a platform misspelt":      {"fields.rego", "told(data.purposes[request.purpose], platform.standing, field)", "told(data.purposes[request.purpose], platform.standng, field)", "check", []string{"fields.rego:35", `did you mean "standing"?`}},
		"another rule misspelt":                {"subject.rego", "\tnot request.few_vehicles\n", "\tnot request.few_vehicle\n", "check", []string{"subject.rego:14", `did you mean "few_vehicles"?`}},
		"a reason code without words":          {"purpose.rego", `"code": "unit_invalid"`, `"code": "unit_missing"`, "check", []string{"purpose.rego:", `"unit_missing"`}},
		"a function that reaches outside":      {"region.rego", "} else := offer.terms.zones.away", "} else := offer.terms.zones.away if time.now_ns() > 0", "check", []string{"region.rego:13", "time.now_ns"}},
		"the table made to depend on requests": {"fields.rego", "within(null, _)\n", "within(null, _) if input.vehicles < 5\n", "check", []string{"fields.rego:38", "must not depend on input"}},
		"a level that is none":                 {"data/tiers.yaml", "weekly: {zh: 3至7日, en: 3 to 7 days, bound: 604800,", "weekly: {zh: 3至7日, en: 3 to 7 days, bound: 6048,", "check", []string{"data/tiers.yaml:7", "tiers.weekly.floor"}},
		"a purpose granted under a wrong name": {"data/platforms.yaml", "    unmasked: {licence-business: face}", "    unmasked: {licence-busines: face}", "check", []string{"data/platforms.yaml:53", `did you mean "licence-business"?`}},
		"an age limit one year too low":        {"data/limits.yaml", "ageOfConsent: 14", "ageOfConsent: 13", "cases", []string{"cases/requests.yaml:", "guardian_required"}},
		"a window twice as long":               {"data/assurance.yaml", "windowSeconds: 900", "windowSeconds: 1800", "cases", []string{"cases/assurance.yaml:", "authentication_not_current"}},
		"a face threshold too low":             {"data/assurance.yaml", "similarity: 0.85", "similarity: 0.8", "cases", []string{"cases/assurance.yaml:", "face_similarity_low"}},
		"a comparison turned round":            {"freshness.rego", "input.maxAge >= offer.terms.floor", "input.maxAge > offer.terms.floor", "cases", []string{"cases/freshness.yaml:", "zhengqiao.freshness.terms"}},
		"a condition left out":                 {"masks.rego", "\trequest.zone == \"home\"\n", "", "matrix", []string{"matrix/suishenban.yaml:", "zhengqiao.masks.owner", "other region: birthDate"}},
		"contact data for whoever has an SMS":  {"data/sensitivity.yaml", "contact: {zh: 联系方式, en: contact data, home: bankcard}", "contact: {zh: 联系方式, en: contact data, home: sms}", "matrix", []string{"phone at sms: mobile (zhengqiao.masks.usual), expected: hidden"}},
		"card data across borders":             {"data/sensitivity.yaml", "card: {zh: 档案与证芯编号, en: file and card numbers, home: sms}", "card: {zh: 档案与证芯编号, en: file and card numbers, home: sms, away: bankcard}", "matrix", []string{"other region: fileNumber at bankcard, face: thirds (zhengqiao.masks.usual), expected: hidden"}},
		"one field too many for a purpose":     {"data/purposes.yaml", "fields: [name, status, mayDrive, points, cycleEnd, validUntil, longTerm, validity, nextInspection, inspectedUntil, updatedAt]", "fields: [name, status, mayDrive, points, cycleEnd, validUntil, longTerm, validity, nextInspection, inspectedUntil, updatedAt, phone]", "matrix", []string{"reminder, licence.query, own region: phone at bankcard, face: mobile (zhengqiao.masks.usual), expected: hidden"}},
		"a third party that sees all fields":   {"data/platforms.yaml", "    fields: [name, status, mayDrive, validity, validUntil, points, cycleEnd, updatedAt]\n", "", "matrix", []string{"thirdparty-mini, self-query, licence.query, own region: idNumber", "zhengqiao.masks.third_party"}},
		"a purpose that may cross borders":     {"data/platforms.yaml", "violation-handling: {home: sms, away: face}\n      qualification-check: {home: account}", "violation-handling: {home: sms, away: face}\n      qualification-check: {home: account, away: face}", "matrix", []string{"suishenban, qualification-check, licence.query, other region: name at face"}},
		"a province that speaks for all":       {"data/announcers.yaml", "aspects: [status, validity, replacement], regions: own}", "aspects: [status, validity, replacement], regions: all}", "cases", []string{"cases/announcements.yaml:6", "rank: province"}},
	}
}

// TestEachMistakeIsFound: each mistake is found, and by what it is said to be found by.
func TestEachMistakeIsFound(t *testing.T) {
	t.Parallel()
	all := mistakes()
	if len(all) != 20 {
		t.Errorf("%d mistakes", len(all))
	}
	for name, m := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := authoringtest.Shipped(t)
			authoringtest.Edit(t, files, m.path, m.old, m.now)
			var found []string
			if m.by == "check" {
				found = byCheck(t, files)
			} else {
				found = bySuite(t, files, m.by)
			}
			for _, want := range m.names {
				if !strings.Contains(strings.Join(found, "\n"), want) {
					t.Errorf("%s doesn't say %q but\n%s", m.by, want, strings.Join(found, "\n"))
				}
			}
			if len(found) == 0 {
				t.Error("nothing found")
			}
		})
	}
}

func byCheck(t *testing.T, files fstest.MapFS) []string {
	t.Helper()
	var found []string
	for _, finding := range checkup.Check(t.Context(), files, sha256.New) {
		found = append(found, finding.String())
	}
	return found
}

func bySuite(t *testing.T, files fstest.MapFS, kind string) []string {
	t.Helper()
	opened, err := folder.Open(files, sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	report, err := suite.Decisions(t.Context(), opened)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, result := range report.Results {
		if result.Kind == kind && len(result.Failures) > 0 {
			found = append(found, result.Place+": "+result.Name+": "+strings.Join(result.Failures, "\n"))
		}
	}
	return found
}
