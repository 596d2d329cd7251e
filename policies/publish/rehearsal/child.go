package rehearsal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/checkup"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/suite"
	"github.com/zhengqiao/zhengqiao/policies/authoring/tryout"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/widening"
)

// Argument is the program's first argument when it is to be a rehearsal's child.
const Argument = "policy-rehearsal"

// task is what the child is told.
type task struct {
	Before    publish.Files  `json:"before"`
	Candidate publish.Files  `json:"candidate"`
	Inputs    []impact.Input `json:"inputs"`
	Limits    Limits         `json:"limits"`

	Attempt *tryout.Attempt `json:"attempt,omitempty"` // instead of a rehearsal, see [Stage.Try]
}

// result is what it answers to a rehearsal.
type result struct {
	Verdict publish.Verdict `json:"verdict"`
	Faults  []string        `json:"faults"` // why the candidate is not in order
}

// Bounds of an answer.
const (
	maxFaults     = 20
	maxFaultBytes = 400
)

// Child is the whole of the child: it bounds itself, reads a task and writes what came of it. The caller ends the process with the code.
func Child(in io.Reader, out io.Writer, newHash func() hash.Hash) (code int) {
	var t task
	decoder := json.NewDecoder(in)
	if err := decoder.Decode(&t.Limits); err != nil { // first of all, before anything large is read
		return 1
	}
	say := json.NewEncoder(out)
	if err := t.Limits.apply(); err != nil {
		return coded(say.Encode(said{Ended: publish.Unbounded, Why: err.Error()}))
	}
	if err := decoder.Decode(&t); err != nil {
		return 1
	}
	ctx, cancel := context.WithTimeout(context.Background(), t.Limits.Wall)
	defer cancel()
	return coded(say.Encode(t.answer(ctx, newHash, say)))
}

func coded(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

// answer does the task and tells its progress meanwhile.
func (t *task) answer(ctx context.Context, newHash func() hash.Hash, say *json.Encoder) said {
	var made any
	if t.Attempt != nil {
		t.Attempt.Progress = func(done, all int) {
			_ = say.Encode(said{Progress: &progress{done, all}}) // who doesn't listen gets the answer all the same
		}
		made = tryout.Run(ctx, t.Before.FS(), t.Candidate.FS(), *t.Attempt, newHash)
	} else {
		r := t.run(ctx, newHash)
		if len(r.Faults) > 0 && ctx.Err() != nil { // what broke off says nothing about the policies
			return said{Ended: publish.Exhausted, Why: fmt.Sprintf("over after %s by the clock", t.Limits.Wall)}
		}
		made = r
	}
	text, err := json.Marshal(made)
	if err != nil {
		return said{Ended: publish.Exhausted, Why: clip(err.Error())}
	}
	return said{Answer: text}
}

func (t *task) run(ctx context.Context, newHash func() hash.Hash) result {
	if faults := findings(ctx, t.Candidate, newHash); len(faults) > 0 {
		return result{Faults: faults}
	}
	verdict, err := t.judge(ctx, newHash)
	if err != nil {
		return result{Faults: lines(err)}
	}
	return result{Verdict: verdict}
}

func findings(ctx context.Context, candidate publish.Files, newHash func() hash.Hash) []string {
	var faults []string
	for _, finding := range checkup.Check(ctx, candidate.FS(), newHash) {
		faults = append(faults, clip(finding.String()))
	}
	return faults[:min(len(faults), maxFaults)]
}

// judge runs the candidate's tests, decides by the engine as in production, and compares.
func (t *task) judge(ctx context.Context, newHash func() hash.Hash) (publish.Verdict, error) {
	after, err := folder.Open(t.Candidate.FS(), newHash)
	if err != nil {
		return publish.Verdict{}, err
	}
	// The engine first: it gives up what runs away, where tests would run to the bound of the process.
	if err := t.decided(ctx, after, newHash); err != nil {
		return publish.Verdict{}, err
	}
	verdict, err := tested(ctx, after)
	if err != nil {
		return publish.Verdict{}, err
	}
	before, err := folder.Open(t.Before.FS(), newHash)
	if err != nil {
		return publish.Verdict{}, fmt.Errorf("the policies in force: %w", err)
	}
	d, err := widening.Compare(ctx, before, after, newHash, t.Inputs)
	if err != nil {
		return publish.Verdict{}, err
	}
	verdict.Widens, verdict.Gains, verdict.Platforms = d.Widens(), clipped(d.Gains), d.Platforms
	if !d.All && verdict.Platforms == nil {
		verdict.Platforms = []string{}
	}
	return verdict, nil
}

func tested(ctx context.Context, after *folder.Folder) (publish.Verdict, error) {
	report, err := suite.Run(ctx, after)
	if err != nil {
		return publish.Verdict{}, err
	}
	var failed []error
	for _, result := range report.Results {
		for _, failure := range result.Failures {
			failed = append(failed, fmt.Errorf("%s: %s: %s", result.Place, result.Name, failure))
		}
	}
	if len(report.Results) == 0 {
		return publish.Verdict{}, errors.New("no test holds these policies to anything")
	}
	return publish.Verdict{Trial: publish.Trial{Tests: len(report.Results), Coverage: report.Percent}}, errors.Join(failed...)
}

// decided asks the engine, as it is in production, about every case: recalled and settled parts included.
func (t *task) decided(ctx context.Context, after *folder.Folder, newHash func() hash.Hash) error {
	engine, err := after.Draft.Build(ctx, policies.Options{NewHash: newHash, Timeout: t.Limits.Decision})
	if err != nil {
		return err
	}
	for _, one := range after.Cases {
		if one.Request == nil {
			continue
		}
		if _, err := engine.Decide(ctx, *one.Request); err != nil {
			return fmt.Errorf("%s: %s: %w", one.Place(), one.Name, err)
		}
	}
	return nil
}
