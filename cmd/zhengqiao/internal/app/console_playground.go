package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"strings"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/playground"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/tryout"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// consoleWorkshop tries changes of the policies in force out, each in a bounded process of its own.
type consoleWorkshop struct {
	engine   *policies.Engine
	folder   func() fs.FS // where cases are now, if anywhere
	recorded func(context.Context) ([]impact.Input, error)
	program  string // that becomes a child
	logger   *slog.Logger
}

// playgroundPage is the page of who writes policies.
func (a *App) playgroundPage() (console.Page, error) {
	program, err := os.Executable()
	if err != nil {
		return console.Page{}, fmt.Errorf("find this program, to try policies out with: %w", err)
	}
	folder := func() fs.FS { return policyFiles(a.current.Load().config) }
	return playground.Page(consoleWorkshop{a.policies, folder, a.lateInputs, program, a.logger})
}

// Sources implements [playground.Workshop]. Schemas are the gateway's own and no author's.
func (c consoleWorkshop) Sources() (string, map[string]string) {
	revision, files := c.engine.Sources()
	texts := map[string]string{}
	for path, content := range files {
		if !strings.HasPrefix(path, "schema/") {
			texts[path] = string(content)
		}
	}
	return revision, texts
}

// mostSections is how many tables of the matrix a page shows.
const mostSections = 20

// Try implements [playground.Workshop].
func (c consoleWorkshop) Try(ctx context.Context, change playground.Change) ([]byte, error) {
	_, before := c.engine.Sources()
	candidate := maps.Clone(before)
	candidate[change.File] = []byte(change.Text)
	limits := rehearsal.MomentLimits()
	if change.Whole {
		limits = rehearsal.WholeLimits()
	}
	stage := rehearsal.NewStage(c.program, limits, nil)
	answer, err := stage.Try(ctx, before, candidate, tryout.Attempt{Input: change.Input, Whole: change.Whole, Matrix: mostSections})
	if publish.CodeOf(err) == publish.Exhausted {
		return nil, errors.Join(playground.ErrExhausted, err)
	}
	return answer, err
}
