package policies

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// reader takes a result apart. It keeps the first fault, after which all values are zero, so that callers check once.
type reader struct {
	reasons map[string]exchange.Text
	rules   []string // each rule met, once
	err     error
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("malformed result: %s", what)
	}
}

func (r *reader) object(value ast.Value, what string) ast.Object {
	object, ok := value.(ast.Object)
	if !ok {
		r.fail(what + " is not an object")
		return ast.NewObject()
	}
	return object
}

func (r *reader) value(object ast.Object, name *ast.Term) ast.Value {
	term := object.Get(name)
	if term == nil {
		r.fail(name.String() + " is missing")
		return ast.NullValue
	}
	return term.Value
}

func (r *reader) text(object ast.Object, name *ast.Term) string {
	text, ok := r.value(object, name).(ast.String)
	if !ok {
		r.fail(name.String() + " is not a string")
	}
	return string(text)
}

func (r *reader) flag(object ast.Object, name *ast.Term) bool {
	flag, ok := r.value(object, name).(ast.Boolean)
	if !ok {
		r.fail(name.String() + " is not a boolean")
	}
	return bool(flag)
}

func (r *reader) number(object ast.Object, name *ast.Term) float64 {
	number, ok := r.value(object, name).(ast.Number)
	value, exact := number.Float64()
	if !ok || !exact {
		r.fail(name.String() + " is not a number")
	}
	return value
}

// rule reads the name of the rule that an entry came from and remembers it.
func (r *reader) rule(object ast.Object) string {
	rule := r.text(object, key.rule)
	if !slices.Contains(r.rules, rule) {
		r.rules = append(r.rules, rule)
	}
	return rule
}

func (r *reader) explain(code string) exchange.Text {
	text, ok := r.reasons[code]
	if !ok {
		r.fail("reason " + code + " is not in the catalogue")
	}
	return text
}
