package policies

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// part writes down what one part of the input document depends on, straight from the request: the document itself is only made
// where something has to be evaluated. Whatever it writes says where it ends, so that no two sequences of parts read alike.
type part func(text []byte, r *exchange.DecisionRequest) []byte

// partOf gives the part that a reference into the input reads; a reference that goes deeper reads all of its part. The moment is
// no part, and neither is the whole input: no two requests have them in common.
func partOf(ref ast.Ref) (part, bool) {
	if len(ref) == 0 {
		return nil, false
	}
	if len(ref) > 1 && ref[0].Equal(key.purpose) {
		if one, known := purposeParts[nameOfTerm(ref[1])]; known {
			return func(text []byte, r *exchange.DecisionRequest) []byte { return appendText(text, one(&r.Purpose)) }, true
		}
	}
	one, known := parts[nameOfTerm(ref[0])]
	return one, known
}

func nameOfTerm(term *ast.Term) string {
	name, _ := term.Value.(ast.String)
	return string(name)
}

// parts are the members of the input document, schema/input.json, but for the moment.
var parts = map[string]part{
	"operation":       func(text []byte, r *exchange.DecisionRequest) []byte { return appendText(text, string(r.Operation)) },
	"platform":        func(text []byte, r *exchange.DecisionRequest) []byte { return appendText(text, r.Platform) },
	"region":          func(text []byte, r *exchange.DecisionRequest) []byte { return appendText(text, string(r.Region)) },
	"purpose":         appendPurpose,
	"stated":          appendStated,
	"authentications": appendAuthentications,
	"fields":          appendFields,
	"subjectAge":      func(text []byte, r *exchange.DecisionRequest) []byte { return appendNumber(text, int64(r.SubjectAge)) },
	"fileNumber":      func(text []byte, r *exchange.DecisionRequest) []byte { return strconv.AppendBool(text, r.FileNumber) },
	"vehicles":        func(text []byte, r *exchange.DecisionRequest) []byte { return appendNumber(text, int64(r.Vehicles)) },
	"maxAge":          appendMaxAge,
	"behalf":          appendBehalf,
}

// purposeParts are the parts of a purpose, each of which may be read alone.
var purposeParts = map[string]func(*exchange.Purpose) string{
	"code":       func(p *exchange.Purpose) string { return p.Code },
	"matter":     func(p *exchange.Purpose) string { return p.Matter },
	"matterName": func(p *exchange.Purpose) string { return p.MatterName },
	"case":       func(p *exchange.Purpose) string { return p.Case },
	"operator":   func(p *exchange.Purpose) string { return p.Operator },
	"unit":       func(p *exchange.Purpose) string { return p.Unit },
	"unitName":   func(p *exchange.Purpose) string { return p.UnitName },
	"legalBasis": func(p *exchange.Purpose) string { return p.LegalBasis },
}

func appendText(text []byte, s string) []byte { return append(appendNumber(text, int64(len(s))), s...) }

func appendNumber(text []byte, n int64) []byte { return append(strconv.AppendInt(text, n, 10), ' ') }

func appendPurpose(text []byte, r *exchange.DecisionRequest) []byte {
	for _, one := range textsOf(&r.Purpose) {
		text = appendText(text, one)
	}
	return text
}

func appendStated(text []byte, r *exchange.DecisionRequest) []byte {
	for _, one := range textsOf(&r.Purpose) {
		text = strconv.AppendBool(text, strings.TrimSpace(one) != "")
	}
	return text
}

func textsOf(p *exchange.Purpose) [8]string {
	return [...]string{p.Code, p.Matter, p.MatterName, p.Case, p.Operator, p.Unit, p.UnitName, p.LegalBasis}
}

func appendAuthentications(text []byte, r *exchange.DecisionRequest) []byte {
	text = appendNumber(text, int64(len(r.Authentications)))
	for i := range r.Authentications {
		a := &r.Authentications[i]
		text = appendNumber(appendText(appendText(text, a.Method), a.Provider), age(a.At, r.Now))
		if a.Similarity != nil {
			text = strconv.AppendUint(text, math.Float64bits(*a.Similarity), 10)
		}
		text = append(text, ' ')
	}
	return text
}

func appendFields(text []byte, r *exchange.DecisionRequest) []byte {
	if len(r.Wanted) == 0 { // all of the operation
		return appendText(append(text, '*'), string(r.Operation))
	}
	text = appendNumber(text, int64(len(r.Wanted)))
	for _, field := range r.Wanted {
		text = appendText(text, string(field))
	}
	return text
}

func appendMaxAge(text []byte, r *exchange.DecisionRequest) []byte {
	if r.MaxAge == nil {
		return append(text, 'n') // which no number begins with
	}
	return appendNumber(text, int64(*r.MaxAge))
}

// age gives the whole seconds from a moment to now. What is not whole is rounded away from zero: who is a millisecond older than a
// whole number of seconds is older than it, and what is dated a millisecond ahead is dated ahead.
func age(at, now time.Time) int64 {
	milliseconds := now.UnixMilli() - at.UnixMilli()
	if milliseconds < 0 {
		return -((-milliseconds + 999) / 1000)
	}
	return (milliseconds + 999) / 1000
}
