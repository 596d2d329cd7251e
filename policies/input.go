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
func input(r *exchange.DecisionRequest, wanted fieldTerms) (ast.Object, error) {
	authentications, err := authenticationTerms(r.Authentications)
	if err != nil {
		return nil, err
	}
	purpose, stated := purposeTerms(&r.Purpose)
	document := ast.NewObject(
		pair{key.now, milliseconds(r.Now)},
		pair{key.operation, ast.StringTerm(string(r.Operation))},
		pair{key.platform, ast.StringTerm(r.Platform)},
		pair{key.region, ast.StringTerm(string(r.Region))},
		pair{key.purpose, purpose},
		pair{key.stated, stated},
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

// purposeTerms gives the purpose and the names of its parts that are not blank.
func purposeTerms(p *exchange.Purpose) (purpose, stated *ast.Term) {
	parts := [...]pair{
		{key.code, blankTerm(p.Code)}, {key.matter, blankTerm(p.Matter)}, {key.matterName, blankTerm(p.MatterName)},
		{key.caseNumber, blankTerm(p.Case)}, {key.operator, blankTerm(p.Operator)}, {key.unit, blankTerm(p.Unit)},
		{key.unitName, blankTerm(p.UnitName)}, {key.legalBasis, blankTerm(p.LegalBasis)},
	}
	names := make([]*ast.Term, 0, len(parts))
	for _, part := range parts {
		if part[1] != ast.InternedEmptyString {
			names = append(names, part[0])
		}
	}
	return ast.ObjectTerm(parts[:]...), ast.ArrayTerm(names...)
}

// blankTerm takes a text of blanks for an empty one.
func blankTerm(s string) *ast.Term {
	if s = strings.TrimSpace(s); s == "" {
		return ast.InternedEmptyString
	}
	return ast.StringTerm(s)
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
