package policies

import (
	"errors"
	"math"
	"strconv"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// input makes the input document (schema/input.json) and the fields wanted, as they stand in it. Built term by term, because
// the way through JSON costs more than the decision.
func (e *Engine) input(r *exchange.DecisionRequest) (ast.Value, *ast.Array, error) {
	fields := e.fields(r)
	authentications, err := authenticationTerms(r.Authentications)
	if err != nil {
		return nil, nil, err
	}
	document := ast.NewObject(
		member("now", milliseconds(r.Now)),
		member("operation", ast.StringTerm(string(r.Operation))),
		member("platform", ast.StringTerm(r.Platform)),
		member("region", ast.StringTerm(string(r.Region))),
		member("purpose", purposeTerm(&r.Purpose)),
		member("authentications", authentications),
		member("fields", fields),
		member("subjectAge", ast.InternedTerm(r.SubjectAge)),
		member("fileNumber", ast.InternedTerm(r.FileNumber)),
		member("vehicles", ast.InternedTerm(r.Vehicles)),
	)
	if r.MaxAge != nil {
		document.Insert(ast.InternedTerm("maxAge"), seconds(*r.MaxAge))
	}
	return document, fields.Value.(*ast.Array), nil
}

// wantedTerms prepares the list of all fields of each operation.
func wantedTerms() map[exchange.Operation]*ast.Term {
	all := map[exchange.Operation]*ast.Term{}
	for _, operation := range []exchange.Operation{exchange.LicenceQuery, exchange.ViolationsQuery, exchange.PictureQuery} {
		all[operation] = fieldTerms(exchange.Fields(operation))
	}
	return all
}

// fields gives the fields that the decision is about: those wanted, or all of the operation.
func (e *Engine) fields(r *exchange.DecisionRequest) *ast.Term {
	if len(r.Wanted) > 0 {
		return fieldTerms(r.Wanted)
	}
	if all, ok := e.wanted[r.Operation]; ok {
		return all
	}
	return ast.ArrayTerm()
}

// fieldTerms lists each field once.
func fieldTerms(fields []exchange.Field) *ast.Term {
	terms := make([]*ast.Term, 0, len(fields))
	seen := make(map[exchange.Field]bool, len(fields))
	for _, field := range fields {
		if !seen[field] {
			seen[field] = true
			terms = append(terms, ast.StringTerm(string(field)))
		}
	}
	return ast.ArrayTerm(terms...)
}

func purposeTerm(p *exchange.Purpose) *ast.Term {
	return ast.ObjectTerm(
		member("code", ast.StringTerm(p.Code)),
		member("matter", ast.StringTerm(p.Matter)),
		member("matterName", ast.StringTerm(p.MatterName)),
		member("case", ast.StringTerm(p.Case)),
		member("operator", ast.StringTerm(p.Operator)),
		member("unit", ast.StringTerm(p.Unit)),
		member("unitName", ast.StringTerm(p.UnitName)),
		member("legalBasis", ast.StringTerm(p.LegalBasis)),
	)
}

func authenticationTerms(list []exchange.Authentication) (*ast.Term, error) {
	terms := make([]*ast.Term, len(list))
	for i, a := range list {
		document := ast.NewObject(
			member("method", ast.StringTerm(a.Method)),
			member("provider", ast.StringTerm(a.Provider)),
			member("at", milliseconds(a.At)),
		)
		if a.Similarity != nil {
			if math.IsNaN(*a.Similarity) || math.IsInf(*a.Similarity, 0) {
				return nil, errors.New("a similarity is not a number")
			}
			document.Insert(ast.InternedTerm("similarity"), ast.FloatNumberTerm(*a.Similarity))
		}
		terms[i] = ast.NewTerm(document)
	}
	return ast.ArrayTerm(terms...), nil
}

func member(key string, value *ast.Term) [2]*ast.Term { return [2]*ast.Term{ast.InternedTerm(key), value} }

func milliseconds(t time.Time) *ast.Term {
	return ast.NewTerm(ast.Number(strconv.FormatInt(t.UnixMilli(), 10)))
}

func seconds(d time.Duration) *ast.Term { return ast.FloatNumberTerm(d.Seconds()) }
