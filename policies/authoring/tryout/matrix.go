package tryout

import (
	"cmp"
	"context"
	"fmt"
	"hash"
	"io/fs"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

// How a cell says what is seen, where that is no mask.
const (
	Clear  = matrix.Clear  // shown as it is
	Hidden = matrix.Hidden // not shown
)

// Matrix is the sections of the matrix that differ from that of the policies in force.
type Matrix struct {
	Levels   []string  `json:"levels"` // of assurance, the lowest first: the columns
	Sections []Section `json:"sections,omitempty"`
	Left     int       `json:"left,omitempty"` // how many more differ
	Cells    int       `json:"cells"`          // that were compared
}

// Section is one platform's requests for one purpose.
type Section struct {
	Platform  string             `json:"platform"`
	Purpose   string             `json:"purpose"`
	Operation exchange.Operation `json:"operation"`
	Region    string             `json:"region"` // [matrix.Own] or [matrix.Other]
	Rows      []Row              `json:"rows"`   // of the fields that are shown to anybody, before or after
}

// Row is one field.
type Row struct {
	Field exchange.Field `json:"field"`
	Cells []Cell         `json:"cells"` // by level
}

// Cell is what is seen by the policies in force and by the draft: a mask, [Clear] or [Hidden].
type Cell struct {
	Was string `json:"was"`
	Is  string `json:"is"`
}

// compare holds a draft's matrix against that of the policies in force.
func compare(ctx context.Context, before fs.FS, draft *trial.Program, most int, newHash func() hash.Hash) (*Matrix, error) {
	inForce, err := ready(ctx, before, newHash)
	if err != nil {
		return nil, fmt.Errorf("the policies in force: %w", err)
	}
	was, err := matrix.Compute(ctx, inForce)
	if err != nil {
		return nil, fmt.Errorf("the matrix in force: %w", err)
	}
	is, err := matrix.Compute(ctx, draft)
	if err != nil {
		return nil, fmt.Errorf("the matrix: %w", err)
	}
	return differing(was, is, most), nil
}

// differing also tells of what one of the two alone has, such as a platform that is new.
func differing(was, is *matrix.Matrix, most int) *Matrix {
	m := &Matrix{Levels: is.Levels, Cells: len(is.Cells)}
	met := map[matrix.Section]bool{}
	for _, section := range append(append([]matrix.Section{}, is.Sections...), was.Sections...) {
		rows, differ := rowsOf(was, is, section)
		switch {
		case met[section] || !differ:
		case len(m.Sections) >= most:
			m.Left++
		default:
			m.Sections = append(m.Sections, Section{section.Platform, section.Purpose, section.Operation, section.Region, rows})
		}
		met[section] = true
	}
	return m
}

func rowsOf(was, is *matrix.Matrix, section matrix.Section) (rows []Row, differ bool) {
	for _, field := range section.Fields() {
		row, seen := Row{Field: field}, false
		for _, level := range is.Levels {
			cell := Cell{word(was.Mask(section, level, field)), word(is.Mask(section, level, field))}
			row.Cells = append(row.Cells, cell)
			seen = seen || cell != Cell{Hidden, Hidden}
			differ = differ || cell.Was != cell.Is
		}
		if seen {
			rows = append(rows, row)
		}
	}
	return rows, differ
}

// word says a mask as matrix files do.
func word(mask exchange.Mask) string {
	if mask == exchange.MaskNone {
		return Clear
	}
	return cmp.Or(string(mask), Hidden)
}
