package app

import (
	"cmp"
	"context"
	"sync"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console/publishing"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// consoleMatrix computes who sees what by the policies in force, once for each revision: it takes a second of a processor.
type consoleMatrix struct {
	engine *policies.Engine

	mu   sync.Mutex // held while it is computed: whoever else asks wants the same
	made publishing.Matrix
}

func (c *consoleMatrix) Matrix(ctx context.Context) (publishing.Matrix, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	revision, files := c.engine.Sources()
	if c.made.Revision == revision {
		return c.made, nil
	}
	draft, err := policies.ReadDraft(publish.Files(files).FS(), smcrypto.NewSM3)
	if err != nil {
		return publishing.Matrix{}, err
	}
	program, err := trial.New(ctx, draft, nil)
	if err != nil {
		return publishing.Matrix{}, err
	}
	computed, err := matrix.Compute(ctx, program)
	if err != nil {
		return publishing.Matrix{}, err
	}
	c.made = shownMatrix(revision, computed)
	return c.made, nil
}

func shownMatrix(revision string, m *matrix.Matrix) publishing.Matrix {
	made := publishing.Matrix{Revision: revision, Levels: m.Levels}
	for _, section := range m.Shown() {
		one := publishing.Section{Platform: section.Platform, Purpose: section.Purpose, Operation: string(section.Operation), Region: section.Region}
		for _, row := range m.Rows(section) {
			cells := make([]string, len(row.Masks))
			for i, mask := range row.Masks {
				if cells[i] = cmp.Or(string(mask), matrix.Hidden); mask == exchange.MaskNone {
					cells[i] = matrix.Clear
				}
			}
			one.Rows = append(one.Rows, publishing.Row{Field: row.Field, Cells: cells})
		}
		made.Sections = append(made.Sections, one)
	}
	return made
}
