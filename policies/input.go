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
func input(r *exchange.DecisionRequest, wanted fieldTerms) ast.Object {
	purpose, stated := purposeTerms(&r.Purpose)
	document := ast.NewObject(
		pair{key.now, milliseconds(r.Now)},
		pair{key.operation, ast.StringTerm(string(r.Operation))},
		pair{key.platform, ast.StringTerm(r.Platform)},
		pair{key.region, ast.StringTerm(string(r.Region))},
		pair{key.purpose, purpose},
		pair{key.stated, stated},
		pair{key.authentications, authenticationTerms(r)},
		pair{key.fields, wanted.sorted},
		pair{key.subjectAge, ast.InternedTerm(r.SubjectAge)},
		pair{key.fileNumber, ast.InternedTerm(r.FileNumber)},
		pair{key.vehicles, ast.InternedTerm(r.Vehicles)},
	)
	if r.MaxAge != nil {
		document.Insert(key.maxAge, seconds(*r.MaxAge))
	}
	if r.Behalf != nil {
		document.Insert(key.behalf, behalfTerm(r))
	}
	return document
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

func authenticationTerms(r *exchange.DecisionRequest) *ast.Term {
	terms := make([]*ast.Term, len(r.Authentications))
	for i, a := range r.Authentications {
		document := ast.NewObject(
			pair{key.method, ast.StringTerm(a.Method)},
			pair{key.provider, ast.StringTerm(a.Provider)},
			pair{key.age, whole64(age(a.At, r.Now))},
		)
		if a.Similarity != nil {
			document.Insert(key.similarity, ast.FloatNumberTerm(*a.Similarity))
		}
		terms[i] = ast.NewTerm(document)
	}
	return ast.ArrayTerm(terms...)
}

// checkSimilarities refuses what is no number, with which no rule could be relied on.
func checkSimilarities(list []exchange.Authentication) error {
	for i := range list {
		if s := list[i].Similarity; s != nil && (math.IsNaN(*s) || math.IsInf(*s, 0)) {
			return errors.New("a similarity is not a number")
		}
	}
	return nil
}

// pair is one member of a document.
type pair = [2]*ast.Term

func milliseconds(t time.Time) *ast.Term { return whole64(t.UnixMilli()) }

func whole64(n int64) *ast.Term { return ast.NewTerm(ast.Number(strconv.FormatInt(n, 10))) }

func seconds(d time.Duration) *ast.Term { return ast.FloatNumberTerm(d.Seconds()) }
