package mutation

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/policies"
)

// Mutant is one mistake.
type Mutant struct {
	ID    string // names it for good, as long as the text around it stays: file, rule or path, and what is wrong
	Place string // file and line

	modules func() map[string]*ast.Module // nil: those of the draft
	data    func() map[string]any         // nil: that of the draft
	focus   []string                      // platforms, purposes or packages whose tests are likely to notice
}

// draft gives the draft with the mistake in it.
func (m *Mutant) draft(of *policies.Draft) *policies.Draft {
	modules, data := of.Modules, of.Data
	if m.modules != nil {
		modules = m.modules()
	}
	if m.data != nil {
		data = m.data()
	}
	return of.Changed(modules, data)
}

// All makes every mutant of a draft, in a fixed order: rules by file, then data by path.
func All(draft *policies.Draft) []*Mutant {
	all := append(ofRules(draft), ofData(draft)...)
	met := map[string]int{}
	for _, mutant := range all {
		if met[mutant.ID]++; met[mutant.ID] > 1 {
			mutant.ID += fmt.Sprintf(" (%d)", met[mutant.ID])
		}
	}
	return all
}
