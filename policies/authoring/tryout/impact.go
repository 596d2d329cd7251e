package tryout

import (
	"context"
	"fmt"
	"hash"
	"io/fs"
	"time"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// Impact is what a draft would have decided otherwise.
type Impact struct {
	impact.Report
	Lines []impact.Line `json:"lines"` // what changes, for people; the first of it
	More  int           `json:"more"`  // lines that are not told
	Left  int           `json:"left"`  // decisions that there was no time for
}

// Same reports whether it is proven that nothing changes.
func (i *Impact) Same() bool { return i.Left == 0 && i.Report.Same() }

const (
	mostChanges = 150                    // lines of an impact that are told
	tellEvery   = 256                    // decisions between two words of progress
	replayTime  = 500 * time.Millisecond // bounds one decision: one that takes longer is a refusal, as it is at work
)

// replay decides recorded decisions again, by the policies of before and by the draft, as a gateway would.
func (a *Attempt) replay(ctx context.Context, before, draft fs.FS, newHash func() hash.Hash) Outcome {
	options := policies.Options{NewHash: newHash, Timeout: replayTime}
	candidate, err := policies.New(draft, options)
	if err != nil {
		return Outcome{Findings: explain(ctx, draft, newHash, err)}
	}
	baseline, err := policies.New(before, options)
	if err != nil {
		return Outcome{Fault: faultOf(ctx, fmt.Errorf("the policies in force: %w", err))}
	}
	replay := impact.New(baseline, candidate)
	done, err := a.add(ctx, replay)
	if err != nil {
		return Outcome{Fault: faultOf(ctx, err)}
	}
	return Outcome{Impact: told(replay.Report(), len(a.Inputs)-done)}
}

// add replays as many as there is time for.
func (a *Attempt) add(ctx context.Context, replay *impact.Replay) (done int, err error) {
	bounded := ctx
	if a.Time > 0 {
		var cancel context.CancelFunc
		bounded, cancel = context.WithTimeout(ctx, a.Time)
		defer cancel()
	}
	for i := range a.Inputs {
		if a.Progress != nil && i%tellEvery == 0 {
			a.Progress(i, len(a.Inputs))
		}
		err := replay.Add(bounded, &a.Inputs[i])
		switch {
		case ctx.Err() != nil:
			return i, ctx.Err()
		case bounded.Err() != nil:
			return i, nil
		case err != nil:
			return i, err
		}
	}
	return len(a.Inputs), nil
}

func told(report *impact.Report, left int) *Impact {
	lines := report.Lines()
	made := &Impact{Report: *report, Lines: lines[:min(len(lines), mostChanges)], Left: left}
	made.More = len(lines) - len(made.Lines)
	made.Changes, made.Groups = nil, made.Groups[:min(len(made.Groups), mostChanges)] // the lines say it
	made.Unkept = made.Unkept[:min(len(made.Unkept), mostChanges)]
	return made
}
