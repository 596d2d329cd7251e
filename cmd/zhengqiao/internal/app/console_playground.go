package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway/console/playground"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/tryout"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// consoleWorkshop tries changes of the policies in force out, each in a bounded process of its own.
type consoleWorkshop struct {
	engine   *policies.Engine
	folder   func() publish.Files                          // what a new gateway would start with, tests included
	late     func(context.Context) ([]impact.Input, error) // recorded of late, to begin with
	recorded func(context.Context) ([]impact.Input, error) // to be decided again
	program  string                                        // that becomes a child
	logger   *slog.Logger
}

// workshop makes the console's; it is needed where policies are tried and where they are proposed.
func (a *App) workshop() (consoleWorkshop, error) {
	program, err := os.Executable()
	if err != nil {
		return consoleWorkshop{}, fmt.Errorf("find this program, to try policies out with: %w", err)
	}
	return consoleWorkshop{a.policies, a.wholePolicies, a.lateInputs, a.replayInputs, program, a.logger}, nil
}

// wholePolicies gives the policies with their tests, as far as this gateway has them: of the bundle in force, else of the folder or the
// program. Nothing of it needs to be what decides now.
func (a *App) wholePolicies() publish.Files {
	if a.bundles != nil {
		ctx, cancel := context.WithTimeout(context.Background(), actTime)
		defer cancel()
		if files, _, err := a.bundles.publisher.InForce(ctx); err == nil {
			return files
		}
	}
	files, err := publish.FromFolder(policyFiles(a.current.Load().config))
	if err != nil {
		return nil // somebody is at work on it
	}
	return files
}

// Sources implements [playground.Workshop]. Schemas are the gateway's own and no author's.
func (c consoleWorkshop) Sources() (string, map[string]string) {
	revision, files := c.files()
	texts := map[string]string{}
	for path, content := range files {
		if !strings.HasPrefix(path, "schema/") {
			texts[path] = string(content)
		}
	}
	return revision, texts
}

// files gives what decides, with its tests, cases and matrix if those at hand are of this revision.
func (c consoleWorkshop) files() (string, publish.Files) {
	revision, files := c.engine.Sources()
	if whole := c.folder(); whole.Revision(smcrypto.NewSM3) == revision {
		return revision, whole
	}
	return revision, files
}

const (
	mostSections = 20               // tables of the matrix that a page shows
	replayTime   = 60 * time.Second // for recorded decisions; what is left then is told
)

// Try implements [playground.Workshop].
func (c consoleWorkshop) Try(ctx context.Context, change playground.Change) ([]byte, error) {
	_, before := c.files()
	candidate := maps.Clone(before)
	for path, text := range change.Files {
		candidate[path] = []byte(text)
	}
	return c.try(ctx, before, candidate, change)
}

func (c consoleWorkshop) try(ctx context.Context, before, candidate publish.Files, change playground.Change) ([]byte, error) {
	attempt, limits, err := c.attempt(ctx, change)
	if err != nil {
		return nil, err
	}
	answer, err := rehearsal.NewStage(c.program, limits, nil).Try(ctx, before, candidate, attempt, change.Progress)
	if publish.CodeOf(err) == publish.Exhausted {
		return nil, errors.Join(playground.ErrExhausted, err)
	}
	return answer, err
}

// attempt says what a child is to do, and within which bounds.
func (c consoleWorkshop) attempt(ctx context.Context, change playground.Change) (tryout.Attempt, rehearsal.Limits, error) {
	switch change.What {
	case playground.Whole:
		return tryout.Attempt{What: tryout.Whole, Input: change.Input, Matrix: mostSections}, rehearsal.WholeLimits(), nil
	case playground.AllTests:
		return tryout.Attempt{What: tryout.AllTests}, rehearsal.ImpactLimits(), nil
	case playground.OfRecord:
		inputs, err := c.recorded(ctx)
		return tryout.Attempt{What: tryout.OfRecords, Inputs: inputs, Time: replayTime}, rehearsal.ImpactLimits(), err
	}
	return tryout.Attempt{Input: change.Input}, rehearsal.MomentLimits(), nil
}
