package matrix

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

// Matrix is what each cell shows.
type Matrix struct {
	Sections []Section
	Levels   []string // the lowest first
	Cells    map[Cell]trial.Answer
	Data     map[string]any // of the draft, for names
}

// Probe is a cell ready to be asked of any draft.
type Probe struct {
	Cell
	trial.Question
}

// Probes readies all cells of a draft.
func Probes(data map[string]any) ([]Probe, error) {
	var all []Probe
	for _, section := range Sections(data) {
		for _, level := range Levels(data) {
			cell := Cell{section, level}
			question, err := trial.NewQuestion(cell.Request(data))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", section, err)
			}
			all = append(all, Probe{cell, question})
		}
	}
	return all, nil
}

// Compute asks a draft for all of its cells.
func Compute(ctx context.Context, program *trial.Program, tracers ...topdown.QueryTracer) (*Matrix, error) {
	data := program.Draft().Data
	probes, err := Probes(data)
	if err != nil {
		return nil, err
	}
	m := &Matrix{Sections: Sections(data), Levels: Levels(data), Cells: map[Cell]trial.Answer{}, Data: data}
	for _, probe := range probes {
		answer, err := program.Decide(ctx, probe.Question, tracers...)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", probe.Section, probe.Level, err)
		}
		m.Cells[probe.Cell] = answer
	}
	return m, nil
}

func (s Section) String() string {
	return fmt.Sprintf("%s, %s, %s, %s region", s.Platform, s.Purpose, s.Operation, s.Region)
}

// Fields gives the fields of a section's operation, in the contract's order.
func (s Section) Fields() []exchange.Field { return exchange.Fields(s.Operation) }

// Mask says by which mask a field is shown in a cell, "" where it is hidden.
func (m *Matrix) Mask(section Section, level string, field exchange.Field) exchange.Mask {
	return m.Cells[Cell{section, level}].Grants[field]
}

// Empty says whether a section shows nothing at any level.
func (m *Matrix) Empty(section Section) bool {
	for _, level := range m.Levels {
		if len(m.Cells[Cell{section, level}].Grants) > 0 {
			return false
		}
	}
	return true
}

// Same says whether two sections of one operation show the same.
func (m *Matrix) Same(a, b Section) bool {
	for _, level := range m.Levels {
		for _, field := range a.Fields() {
			if m.Mask(a, level, field) != m.Mask(b, level, field) {
				return false
			}
		}
	}
	return true
}
