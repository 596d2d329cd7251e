package trial_test

import (
	"crypto/sha256"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func shipped(t *testing.T) *policies.Draft {
	t.Helper()
	draft, err := policies.ReadDraft(authoringtest.Shipped(t), sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	return draft
}

// TestAnswersAreTheEngines: every case is decided as the engine decides it, also when the table is borrowed.
func TestAnswersAreTheEngines(t *testing.T) {
	t.Parallel()
	draft := shipped(t)
	engine, err := draft.Build(t.Context(), policies.Options{NewHash: sha256.New, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	lender, err := trial.New(t.Context(), draft, nil)
	if err != nil {
		t.Fatal(err)
	}
	borrower, err := trial.WithCompiler(t.Context(), draft, lender.Compiler())
	if err != nil {
		t.Fatal(err)
	}
	cases, err := casebook.Read(authoringtest.Shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if c.Request == nil {
			continue
		}
		program := lender
		if i > len(cases)/2 {
			program = borrower
			program.BorrowTable(lender)
		}
		question, err := trial.NewQuestion(*c.Request)
		if err != nil {
			t.Fatal(err)
		}
		got, err := program.Decide(t.Context(), question)
		want, wantErr := engine.Decide(t.Context(), *c.Request)
		if (err == nil) != (wantErr == nil) || !reflect.DeepEqual(got.Decision, want) {
			t.Errorf("%s: %+v, %v, the engine: %+v, %v", c.Name, got.Decision, err, want, wantErr)
		}
		for field := range got.Grants {
			if got.RuleOf(field) == "" {
				t.Errorf("%s: no rule shows %s", c.Name, field)
			}
		}
	}
}

// TestNoDecision: what the engine takes for no decision is none here.
func TestNoDecision(t *testing.T) {
	t.Parallel()
	files := authoringtest.Add(authoringtest.Shipped(t), "decision.rego", "package zhengqiao.decision\n\nresult := 1 if input.vehicles > 1000\n")
	draft, err := policies.ReadDraft(files, sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	program, err := trial.New(t.Context(), draft, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, vehicles := range []any{1, 2000} {
		request, err := casebook.Request(map[string]any{"operation": "licence.query", "vehicles": vehicles})
		if err != nil {
			t.Fatal(err)
		}
		question, err := trial.NewQuestion(*request)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := program.Decide(t.Context(), question); err == nil {
			t.Errorf("a decision with %v vehicles", vehicles)
		}
	}
}

// TestDocuments: an input document is taken if it is of the schema, and decided on as the request that it was made of.
func TestDocuments(t *testing.T) {
	t.Parallel()
	draft := shipped(t)
	document := func() map[string]any {
		return map[string]any{
			"now": 1, "operation": "licence.query", "platform": "suishenban", "region": "310000", "stated": []any{"code", "matter", "operator", "legalBasis"},
			"purpose": map[string]any{
				"code": "self-query", "matter": "m", "matterName": "", "case": "", "operator": "self", "unit": "", "unitName": "", "legalBasis": "consent",
			},
			"authentications": []any{}, "fields": []any{"points"}, "subjectAge": 30, "fileNumber": false, "vehicles": 0,
		}
	}
	question, err := trial.FromDocument(t.Context(), draft, document())
	if err != nil || len(question.Wanted) != 1 || question.Wanted[0] != "points" {
		t.Fatalf("%+v, error %v", question, err)
	}
	misspelt := document()
	misspelt["platfrom"] = "suishenban"
	short := document()
	delete(short, "region")
	for name, wrong := range map[string]map[string]any{"platfrom": misspelt, "region": short} {
		if _, err := trial.FromDocument(t.Context(), draft, wrong); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
