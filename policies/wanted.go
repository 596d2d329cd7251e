package policies

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// fieldTerms is a list of fields as the engine wants them, each once.
type fieldTerms struct {
	ordered []*ast.Term // as they were wanted: the order of what is withheld
	sorted  *ast.Term   // for the input document: a list equal to the table's needs no search
}

// operations are those that a decision is made on.
func operations() []exchange.Operation {
	return []exchange.Operation{exchange.LicenceQuery, exchange.ViolationsQuery, exchange.PictureQuery, exchange.StudyQuery, exchange.ChangeDelivery}
}

// allFields prepares the fields of each operation.
func allFields() map[exchange.Operation]fieldTerms {
	all := map[exchange.Operation]fieldTerms{}
	for _, operation := range operations() {
		all[operation] = newFieldTerms(exchange.Fields(operation))
	}
	return all
}

// wanted gives the fields that a decision is about: those wanted, or all of the operation. An unknown operation has none.
func (e *Engine) wanted(r *exchange.DecisionRequest) fieldTerms {
	if all, known := e.all[r.Operation]; known && len(r.Wanted) == 0 {
		return all
	}
	return newFieldTerms(r.Wanted)
}

func newFieldTerms(fields []exchange.Field) fieldTerms {
	ordered := make([]*ast.Term, 0, len(fields))
	seen := make(map[exchange.Field]bool, len(fields))
	for _, field := range fields {
		if !seen[field] {
			seen[field] = true
			ordered = append(ordered, ast.StringTerm(string(field)))
		}
	}
	sorted := slices.SortedFunc(slices.Values(ordered), func(a, b *ast.Term) int { return ast.Compare(a, b) })
	return fieldTerms{ordered: ordered, sorted: ast.ArrayTerm(sorted...)}
}
