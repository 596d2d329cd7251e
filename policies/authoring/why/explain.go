package why

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

// Explanation is a decision with what stood in the way of what it did not give.
type Explanation struct {
	Answer   trial.Answer
	Rules    []Rule // that the decision names, with their places
	Reasons  []Obstacle
	Withheld []Obstacle
}

// Rule is a rule and where it is written.
type Rule struct {
	Name  string `json:"name"`
	Place string `json:"place,omitempty"`
}

// Obstacle is one refusal, or one withheld field, and what was in its way.
type Obstacle struct {
	Field     exchange.Field `json:"field,omitempty"` // "" for a refusal of the whole
	Code      string         `json:"code"`
	Text      exchange.Text  `json:"text"`
	Rule      string         `json:"rule"`
	Nearest   *Rule          `json:"nearest,omitempty"`   // that came closest to letting it through
	Condition *Condition     `json:"condition,omitempty"` // the first in it that failed
}

// Condition is a condition of a rule.
type Condition struct {
	Text   string            `json:"text"`
	Place  string            `json:"place"`
	Values map[string]string `json:"values,omitempty"` // of what it speaks of
}

// Explain decides on a question and explains the decision.
func Explain(ctx context.Context, program *trial.Program, question trial.Question) (*Explanation, error) {
	answer, err := program.Decide(ctx, question)
	if err != nil {
		return nil, err
	}
	e := explainer{program: program, question: question, answer: &answer}
	made := &Explanation{Answer: answer}
	for _, name := range answer.Rules {
		made.Rules = append(made.Rules, e.rule(name))
	}
	for _, reason := range answer.Reasons {
		obstacle := Obstacle{Code: reason.Code, Text: reason.Text, Rule: reason.Rule}
		if err := e.reason(ctx, &obstacle); err != nil {
			return nil, err
		}
		made.Reasons = append(made.Reasons, obstacle)
	}
	for _, withheld := range answer.Withheld {
		obstacle := Obstacle{Field: withheld.Field, Code: withheld.Code, Text: withheld.Text, Rule: withheld.Rule}
		if err := e.field(ctx, &obstacle); err != nil {
			return nil, err
		}
		made.Withheld = append(made.Withheld, obstacle)
	}
	return made, nil
}

// isApart says whether reasons are those of another question than who may see what.
func isApart(reasons string) bool {
	return reasons == "data.zhengqiao.announce.reasons" || reasons == "data.zhengqiao.breakglass.reasons"
}

type explainer struct {
	program  *trial.Program
	question trial.Question
	answer   *trial.Answer
}

// rule finds where a rule is written.
func (e *explainer) rule(name string) Rule {
	for _, rule := range e.rules(name) {
		return Rule{name, placeOf(rule.Location)}
	}
	return Rule{Name: name}
}

func (e *explainer) rules(name string) []*ast.Rule {
	ref, err := ast.ParseRef("data." + name)
	if err != nil {
		return nil
	}
	rules := e.program.Compiler().GetRulesExact(ref)
	slices.SortFunc(rules, func(a, b *ast.Rule) int { return a.Location.Compare(b.Location) })
	return rules
}

// reason finds out why there is a reason: some package's reasons say so by a condition that they negate. Packages are followed one by
// one, since what one has found out is no step for the next.
func (e *explainer) reason(ctx context.Context, obstacle *Obstacle) error {
	modules := e.program.Compiler().Modules
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		name := modules[path].Package.Path.String() + ".reasons"
		if len(e.rules(strings.TrimPrefix(name, "data."))) == 0 || isApart(name) {
			continue
		}
		followed := &steps{}
		if _, err := e.program.Follow(ctx, name, e.question.Input, followed); err != nil {
			return err
		}
		if e.fill(obstacle, followed, "reasons"); obstacle.Condition != nil {
			return nil
		}
	}
	return nil
}

// field asks again about one field, as the table does, and follows it.
func (e *explainer) field(ctx context.Context, obstacle *Obstacle) error {
	if obstacle.Rule == agentsRule {
		return e.closed(ctx, obstacle)
	}
	followed := &steps{}
	call := fmt.Sprintf("data.zhengqiao.fields.verdict(%s, %q)", e.request(ctx), obstacle.Field)
	if _, err := e.program.Follow(ctx, call, e.question.Input, followed); err != nil {
		return err
	}
	if e.fill(obstacle, followed, "verdict"); obstacle.Condition != nil {
		return nil
	}
	// The field's own verdict is another: the table doesn't have it for this operation.
	followed = &steps{}
	if _, err := e.program.Follow(ctx, "data.zhengqiao.table.shown("+e.request(ctx)+", input.operation)", e.question.Input, followed); err != nil {
		return err
	}
	obstacle.Nearest, obstacle.Condition = followed.lastFailureAbout(string(obstacle.Field))
	return nil
}

// agentsRule withholds fields from somebody who asks in the person's place, after the table showed them.
const agentsRule = "zhengqiao.behalf.closed"

func (e *explainer) closed(ctx context.Context, obstacle *Obstacle) error {
	followed := &steps{}
	call := fmt.Sprintf("data.%s(%q)", agentsRule, obstacle.Field)
	if _, err := e.program.Follow(ctx, call, e.question.Input, followed); err != nil {
		return err
	}
	e.fill(obstacle, followed, "closed")
	return nil
}

// request writes the request that a field is judged by, in the words of fields.rego.
func (e *explainer) request(ctx context.Context) string {
	object := ast.NewObject(
		[2]*ast.Term{ast.StringTerm("platform"), e.input("platform")},
		[2]*ast.Term{ast.StringTerm("purpose"), e.input("purpose", "code")},
		[2]*ast.Term{ast.StringTerm("level"), ast.StringTerm(e.answer.Assurance)},
		[2]*ast.Term{ast.StringTerm("zone"), e.zone(ctx)},
	)
	return object.String()
}

// zone is home or away: the one whose terms hold for the request.
func (e *explainer) zone(ctx context.Context) *ast.Term {
	value, err := e.program.Ask(ctx, "[zone | some zone, terms in data.zhengqiao.offer.terms.zones; terms == data.zhengqiao.region.terms]", e.question.Input)
	if zones, ok := value.(*ast.Array); err == nil && ok && zones.Len() > 0 {
		return zones.Elem(0)
	}
	return ast.StringTerm("home")
}

func (e *explainer) input(names ...string) *ast.Term {
	var path ast.Ref
	for _, name := range names {
		path = append(path, ast.StringTerm(name))
	}
	value, err := e.question.Input.Find(path)
	if err != nil {
		return ast.StringTerm("")
	}
	return ast.NewTerm(value)
}
