package policies

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// input makes the input document (schema/input.json) for a request about the wanted fields. Built term by term, because
// the way through JSON costs more than the decision.
func input(r *exchange.DecisionRequest, wanted fieldTerms) (ast.Value, error) {
	authentications, err := authenticationTerms(r.Authentications)
	if err != nil {
		return nil, err
	}
	document := ast.NewObject(
		pair{key.now, milliseconds(r.Now)},
		pair{key.operation, ast.StringTerm(string(r.Operation))},
		pair{key.platform, ast.StringTerm(r.Platform)},
		pair{key.region, ast.StringTerm(string(r.Region))},
		pair{key.purpose, purposeTerm(&r.Purpose)},
		pair{key.authentications, authentications},
		pair{key.fields, wanted.sorted},
		pair{key.subjectAge, ast.InternedTerm(r.SubjectAge)},
		pair{key.fileNumber, ast.InternedTerm(r.FileNumber)},
		pair{key.vehicles, ast.InternedTerm(r.Vehicles)},
	)
	if r.MaxAge != nil {
		document.Insert(key.maxAge, seconds(*r.MaxAge))
	}
	return document, nil
}

// purposeTerm leaves out what is blank, so that rules can ask whether something is there.
func purposeTerm(p *exchange.Purpose) *ast.Term {
	document := ast.NewObject()
	for _, part := range [...]struct {
		name *ast.Term
		text string
	}{
		{key.code, p.Code}, {key.matter, p.Matter}, {key.matterName, p.MatterName}, {key.caseNumber, p.Case},
		{key.operator, p.Operator}, {key.unit, p.Unit}, {key.unitName, p.UnitName}, {key.legalBasis, p.LegalBasis},
	} {
		if text := strings.TrimSpace(part.text); text != "" {
			document.Insert(part.name, ast.StringTerm(text))
		}
	}
	return ast.NewTerm(document)
}

func authenticationTerms(list []exchange.Authentication) (*ast.Term, error) {
	terms := make([]*ast.Term, len(list))
	for i, a := range list {
		document := ast.NewObject(
			pair{key.method, ast.StringTerm(a.Method)},
			pair{key.provider, ast.StringTerm(a.Provider)},
			pair{key.at, milliseconds(a.At)},
		)
		if a.Similarity != nil {
			if math.IsNaN(*a.Similarity) || math.IsInf(*a.Similarity, 0) {
				return nil, errors.New("a similarity is not a number")
			}
			document.Insert(key.similarity, ast.FloatNumberTerm(*a.Similarity))
		}
		terms[i] = ast.NewTerm(document)
	}
	return ast.ArrayTerm(terms...), nil
}

// pair is one member of a document.
type pair = [2]*ast.Term

func milliseconds(t time.Time) *ast.Term {
	return ast.NewTerm(ast.Number(strconv.FormatInt(t.UnixMilli(), 10)))
}

func seconds(d time.Duration) *ast.Term { return ast.FloatNumberTerm(d.Seconds()) }
