package widening

import (
	"context"
	"fmt"
	"hash"
	"maps"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// Difference is what another revision changes.
type Difference struct {
	Gains     []string // what somebody sees more, and what may be more; sorted, each once
	Platforms []string // that see something else, sorted; nil together with All
	All       bool     // it can't be told which platforms are concerned
}

// Widens says whether anybody sees more, or may.
func (d *Difference) Widens() bool { return len(d.Gains) > 0 }

// decisionTime bounds one decision; the process that compares is bounded besides.
const decisionTime = 5 * time.Second

// Compare compares two folders that are in order. inputs are of recorded decisions. An error means that the new
// policies don't decide something that they must.
func Compare(ctx context.Context, before, after *folder.Folder, newHash func() hash.Hash, inputs []impact.Input) (Difference, error) {
	c := comparison{platforms: map[string]bool{}, gains: map[string]bool{}}
	if before.Draft.Revision() == after.Draft.Revision() {
		return c.difference(), nil
	}
	c.unseen(before.Draft, after.Draft)
	var err error
	options := policies.Options{NewHash: newHash, Timeout: decisionTime}
	if c.before, err = before.Draft.Build(ctx, options); err != nil {
		return Difference{}, fmt.Errorf("the policies in force: %w", err)
	}
	if c.after, err = after.Draft.Build(ctx, options); err != nil {
		return Difference{}, err
	}
	if err := c.matrix(ctx, before.Draft.Data, after.Draft.Data); err != nil {
		return Difference{}, err
	}
	if err := c.cases(ctx, append(slices.Clone(before.Cases), after.Cases...)); err != nil {
		return Difference{}, err
	}
	if err := c.inputs(ctx, inputs); err != nil {
		return Difference{}, err
	}
	return c.difference(), nil
}

type comparison struct {
	before, after *policies.Engine
	gains         map[string]bool
	platforms     map[string]bool
	all           bool
}

func (c *comparison) gain(format string, args ...any) { c.gains[fmt.Sprintf(format, args...)] = true }

// unknown is a change of which nobody can say whom it lets see what.
func (c *comparison) unknown(what string) {
	c.all = true
	c.gain("%s", what)
}

func (c *comparison) difference() Difference {
	d := Difference{Gains: slices.Sorted(maps.Keys(c.gains)), All: c.all}
	if !c.all {
		d.Platforms = slices.Sorted(maps.Keys(c.platforms))
	}
	return d
}

// matrix asks both for all cells of both.
func (c *comparison) matrix(ctx context.Context, before, after map[string]any) error {
	met := map[matrix.Cell]bool{}
	for _, data := range []map[string]any{after, before} {
		for _, section := range matrix.Sections(data) {
			for _, level := range matrix.Levels(data) {
				cell := matrix.Cell{Section: section, Level: level}
				if met[cell] {
					continue
				}
				met[cell] = true
				what := fmt.Sprintf("%s, %s", section, level)
				if err := c.request(ctx, what, cell.Request(data)); err != nil {
					return fmt.Errorf("%s: %w", what, err)
				}
			}
		}
	}
	return nil
}
