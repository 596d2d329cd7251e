package mutation_test

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/mutation"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, files fstest.MapFS) *folder.Folder {
	t.Helper()
	opened, err := folder.Open(files, sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func ids(mutants []*mutation.Mutant) []string {
	var all []string
	for _, mutant := range mutants {
		all = append(all, mutant.ID)
	}
	return all
}

func about(text string) func(string) bool {
	return func(id string) bool { return strings.Contains(id, text) }
}

// TestMutantsAreNamedForGood: names are unique and the same each time, and each is of some line of a file.
func TestMutantsAreNamedForGood(t *testing.T) {
	t.Parallel()
	first := mutation.All(open(t, authoringtest.Shipped(t)).Draft)
	again := mutation.All(open(t, authoringtest.Shipped(t)).Draft)
	if !slices.Equal(ids(first), ids(again)) {
		t.Error("the mutants differ from one time to the next")
	}
	met := map[string]bool{}
	for _, mutant := range first {
		if met[mutant.ID] {
			t.Errorf("two mutants are %s", mutant.ID)
		}
		met[mutant.ID] = true
		if _, line, _ := strings.Cut(mutant.Place, ":"); line == "" || line == "0" {
			t.Errorf("%s is at %q", mutant.ID, mutant.Place)
		}
	}
	for _, want := range []string{
		"fields.rego: zhengqiao.fields.needed: negate `field in data.purposes[request.purpose].fields`",
		"masks.rego: zhengqiao.masks.owner: drop `request.zone == \"home\"`",
		"masks.rego: zhengqiao.masks.owner: `{\"authority\", \"province\"}` with \"channel\"",
		"freshness.rego: zhengqiao.freshness.terms else 1: take gt in `input.maxAge >= offer.terms.floor`",
		"region.rego: zhengqiao.region.terms: leave out else 1",
		"purpose.rego: zhengqiao.purpose.accepted: leave out the rule",
		"data/purposes.yaml: purposes.reminder.fields: add phone",
		"data/sensitivity.yaml: sensitivity.contact.home: take sms",
		"data/fields.yaml: fields.phone.masks.usual: take none",
		"data/platforms.yaml: platforms.zheliban.purposes.reminder.away: take face",
	} {
		if !met[want] {
			t.Errorf("no mutant is %s", want)
		}
	}
}

// few gives the shipped policies with the cases and no other tests than those named: enough to see how mutants are judged, and quick.
func few(t *testing.T, tests ...string) fstest.MapFS {
	t.Helper()
	files := authoringtest.Shipped(t)
	for path := range files {
		if strings.HasPrefix(path, "matrix/") || strings.HasSuffix(path, "_test.rego") && !slices.Contains(tests, path) {
			delete(files, path)
		}
	}
	return files
}

// TestSurvivors: a mistake that a test notices is killed; without that test it survives, by name and place.
func TestSurvivors(t *testing.T) {
	t.Parallel()
	const name = "masks.rego: zhengqiao.masks.common: negate"
	whole, err := mutation.Run(t.Context(), open(t, few(t, "masks_test.rego")), mutation.Options{Only: about(name)})
	if err != nil || whole.Mutants != 1 || whole.Killed != 1 {
		t.Fatalf("%+v, error %v", whole, err)
	}
	less, err := mutation.Run(t.Context(), open(t, few(t)), mutation.Options{Only: about(name)})
	if err != nil || len(less.Survivors) != 1 || less.Survivors[0].Place != "masks.rego:19" {
		t.Fatalf("%+v, error %v", less, err)
	}
}

// TestExplanations: a survivor that is explained is none, and an explanation of what is killed is told.
func TestExplanations(t *testing.T) {
	t.Parallel()
	files := few(t)
	explanations, err := mutation.Explanations(files)
	if err != nil || len(explanations) == 0 {
		t.Fatalf("%d explanations, error %v", len(explanations), err)
	}
	stale := "- {mutant: 'region.rego: zhengqiao.region.terms: leave out else 1', why: no reason}\n"
	files = authoringtest.Add(files, "survivors.yaml", string(files["survivors.yaml"].Data)+stale)
	var named []string
	for _, explanation := range explanations {
		named = append(named, explanation.Mutant)
	}
	report, err := mutation.Run(t.Context(), open(t, files), mutation.Options{Only: func(id string) bool {
		return slices.Contains(named, id) || strings.HasPrefix(id, "region.rego: ")
	}})
	if err != nil || !slices.Equal(ids(report.Explained), named) {
		t.Errorf("%+v, error %v", report, err)
	}
	if len(report.Stale) != 1 || !strings.HasPrefix(report.Stale[0].Mutant, "region.rego") {
		t.Errorf("stale: %v", report.Stale)
	}
	for name, content := range map[string]string{"no why": "- mutant: a\n", "unknown member": "- {mutant: a, why: b, how: c}\n", "no list": "a: b\n"} {
		if _, err := mutation.Explanations(authoringtest.Add(files, "survivors.yaml", content)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

// TestSameHoweverManyAtATime: the report doesn't depend on how many mutants run side by side.
func TestSameHoweverManyAtATime(t *testing.T) {
	t.Parallel()
	told := func(parallel int) []string {
		var lines []string
		options := mutation.Options{Only: about("subject.rego"), Parallel: parallel, Killed: func(mutant *mutation.Mutant, by string) {
			lines = append(lines, mutant.ID+" by "+by)
		}}
		if _, err := mutation.Run(t.Context(), open(t, few(t, "subject_test.rego", "testing_test.rego")), options); err != nil {
			t.Fatal(err)
		}
		return lines
	}
	one, many := told(1), told(4)
	if len(one) < 8 || !slices.Equal(one, many) {
		t.Errorf("one at a time %q, four at a time %q", one, many)
	}
}

// TestNothingIsJudgedByFailingTests: what fails without a mistake proves nothing with one.
func TestNothingIsJudgedByFailingTests(t *testing.T) {
	t.Parallel()
	files := few(t)
	authoringtest.Edit(t, files, "data/limits.yaml", "ageOfConsent: 14", "ageOfConsent: 13")
	_, err := mutation.Run(t.Context(), open(t, files), mutation.Options{Only: about("subject.rego")})
	if err == nil || !strings.Contains(err.Error(), "a test fails without any mistake: case cases/") {
		t.Errorf("error %v", err)
	}
}

func BenchmarkMutants(b *testing.B) {
	b.ReportAllocs()
	opened := open(b, authoringtest.Shipped(b))
	for b.Loop() {
		if _, err := mutation.Run(b.Context(), opened, mutation.Options{Only: about("data/fields.yaml: fields.p")}); err != nil {
			b.Fatal(err)
		}
	}
}
