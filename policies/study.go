package policies

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// StudyDocument holds the answer to whether points may be reduced by education, 学法减分.
const StudyDocument = "data.zhengqiao.study.result"

var _ exchange.StudyJudge = (*Engine)(nil)

// JudgeStudy implements [exchange.StudyJudge]. Every error is [exchange.PolicyUnavailable]: there is no verdict.
func (e *Engine) JudgeStudy(ctx context.Context, question exchange.StudyQuestion) (exchange.StudyVerdict, error) {
	ctx, cancel := context.WithTimeout(ctx, e.options.Timeout)
	defer cancel()
	p := e.current.Load()
	value, err := p.study.ask(ctx, StudyInput(&question))
	if err != nil {
		return exchange.StudyVerdict{}, exchange.Errorf(exchange.PolicyUnavailable, "judge 学法减分: %w", err)
	}
	verdict, err := studyVerdict(value)
	if err != nil {
		return exchange.StudyVerdict{}, exchange.Errorf(exchange.PolicyUnavailable, "judge 学法减分: %w", err)
	}
	verdict.Revision = p.revision
	return verdict, nil
}

// StudyInput makes the input document (schema/study.json).
func StudyInput(q *exchange.StudyQuestion) ast.Value {
	document := ast.NewObject(
		pair{key.now, milliseconds(q.Now)},
		pair{ast.StringTerm("today"), ast.StringTerm(exchange.Today(q.Now).String())},
		pair{key.platform, ast.StringTerm(q.Platform)},
		pair{key.withheld, textTerms(q.Withheld)},
		pair{ast.StringTerm("police"), policeTerm(&q.Police)},
	)
	if q.Status != "" {
		var letters []string
		for _, letter := range q.Status.Letters() {
			letters = append(letters, string(letter))
		}
		document.Insert(ast.StringTerm("status"), textTerms(letters))
	}
	if q.Points != nil {
		document.Insert(ast.StringTerm("points"), ast.IntNumberTerm(*q.Points))
	}
	if q.Probation == "1" || q.Probation == "2" {
		document.Insert(ast.StringTerm("probation"), ast.BooleanTerm(q.Probation == "1"))
	}
	return document
}

func textTerms[T ~string](list []T) *ast.Term {
	terms := make([]*ast.Term, len(list))
	for i, one := range list {
		terms[i] = ast.StringTerm(string(one))
	}
	return ast.ArrayTerm(terms...)
}

func policeTerm(p *exchange.PoliceFacts) *ast.Term {
	document := ast.NewObject()
	for name, fact := range map[string]*bool{
		"openViolations": p.OpenViolations, "repeatedFullStudy": p.RepeatedFullStudy, "gravePenalty": p.GravePenalty,
		"vehicleOverdue": p.VehicleOverdue, "cheatedInEducation": p.CheatedInEducation,
	} {
		if fact != nil {
			document.Insert(ast.StringTerm(name), ast.BooleanTerm(*fact))
		}
	}
	if p.Reduced != nil {
		document.Insert(ast.StringTerm("reduced"), ast.IntNumberTerm(*p.Reduced))
	}
	return ast.NewTerm(document)
}

// told is a text in both languages, as data files write it.
type told struct{ ZH, EN string }

func (t told) text() exchange.Text { return exchange.Text{ZH: t.ZH, EN: t.EN} }

// studyResult is the document as the rules write it.
type studyResult struct {
	Verdict exchange.StudyOutcome
	Text    told
	Basis   string
	From    string
	Grounds []struct {
		Code, Article, State, Why string
		From                      []exchange.Field
		Police                    bool
		told
	}
	Ways []struct {
		Code, Article         string
		Minutes, Days, Points int
		Exam                  bool
		told
	}
	Notes []struct {
		Article string
		told
	}
	Most *int
}

// studyVerdict reads the policy's word and makes sure that its verdict follows from its grounds.
func studyVerdict(value ast.Value) (exchange.StudyVerdict, error) {
	var result studyResult
	if err := decodeStrictly(value, &result); err != nil {
		return exchange.StudyVerdict{}, err
	}
	from, err := time.Parse(time.DateOnly, result.From)
	if err != nil {
		return exchange.StudyVerdict{}, errors.New("malformed result: from is no day")
	}
	verdict := exchange.StudyVerdict{
		Verdict: result.Verdict, Text: result.Text.text(), Basis: result.Basis, From: exchange.DateOf(from), Most: result.Most,
		Grounds: []exchange.StudyGround{}, Ways: []exchange.StudyWay{}, Notes: []exchange.StudyNote{},
	}
	for _, g := range result.Grounds {
		verdict.Grounds = append(verdict.Grounds, exchange.StudyGround{
			Code: g.Code, Article: g.Article, State: g.State, Why: g.Why, From: append([]exchange.Field{}, g.From...), Police: g.Police, Text: g.text(),
		})
	}
	for _, w := range result.Ways {
		verdict.Ways = append(verdict.Ways, exchange.StudyWay{
			Code: w.Code, Article: w.Article, Minutes: w.Minutes, Days: w.Days, Exam: w.Exam, Points: w.Points, Text: w.text(),
		})
	}
	for _, n := range result.Notes {
		verdict.Notes = append(verdict.Notes, exchange.StudyNote{Article: n.Article, Text: n.text()})
	}
	return verdict, follows(&verdict)
}

// follows makes sure that a verdict is what its grounds say.
func follows(v *exchange.StudyVerdict) error {
	against, unknown := 0, 0
	for _, g := range v.Grounds {
		switch g.State {
		case "against":
			against++
		case "unknown":
			unknown++
		case "clear":
		default:
			return errors.New("malformed result: a ground is neither clear nor against nor unknown")
		}
		if !slices.Contains([]string{"known", "withheld", "noData", "police"}, g.Why) || (g.Why == "known") == (g.State == "unknown") {
			return errors.New("malformed result: a ground does not say why")
		}
	}
	want := exchange.StudyEligible
	switch {
	case against > 0:
		want = exchange.StudyNotEligible
	case unknown > 0 || len(v.Grounds) == 0:
		want = exchange.StudyCannotTell
	}
	if v.Verdict != want || v.Most != nil && (want == exchange.StudyNotEligible || *v.Most < 0) {
		return errors.New("malformed result: the verdict does not follow from the grounds")
	}
	return nil
}
