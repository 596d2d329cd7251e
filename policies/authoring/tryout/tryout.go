package tryout

import (
	"context"
	"encoding/json"
	"errors"
	"hash"
	"io/fs"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/checkup"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// What is what an attempt is to show.
type What string

// The kinds of attempts.
const (
	ADecision What = ""       // the decision on one input: a moment
	Whole     What = "whole"  // also all checks of a load, and the matrix: seconds
	AllTests  What = "tests"  // checks, Rego tests, cases and matrix
	OfRecords What = "impact" // recorded decisions decided again
)

// Attempt is what is asked of a draft.
type Attempt struct {
	What   What           `json:"what,omitempty"`
	Input  string         `json:"input,omitempty"`  // an input document (schema/input.json) as JSON, of a decision
	Matrix int            `json:"matrix,omitempty"` // how many sections of the matrix are told at most
	Inputs []impact.Input `json:"inputs,omitempty"` // of recorded decisions, those first that matter most
	Time   time.Duration  `json:"time,omitempty"`   // for recorded decisions; what is left then is told. 0: as long as it takes

	Progress func(done, all int) `json:"-"` // of recorded decisions; nil: nobody asks
}

// Outcome is what came of it. Findings, Fault and one of the others exclude one another.
type Outcome struct {
	Findings []Finding `json:"findings,omitempty"` // why the draft can't be asked
	Fault    *Fault    `json:"fault,omitempty"`    // why there is no decision all the same
	Decision *Decision `json:"decision,omitempty"`
	Matrix   *Matrix   `json:"matrix,omitempty"` // of a whole attempt
	Tests    *Tests    `json:"tests,omitempty"`
	Impact   *Impact   `json:"impact,omitempty"`
}

// Finding is one thing that is wrong with the draft. Line is from 1; 0: it is about no line.
type Finding struct {
	File string        `json:"file"`
	Line int           `json:"line,omitempty"`
	Text exchange.Text `json:"text"`
}

// Fault says what stood in the way of a decision.
type Fault struct {
	Kind FaultKind `json:"kind"`
	Text string    `json:"text"` // what the evaluator said, in English
}

// FaultKind is what a fault is about.
type FaultKind string

// The kinds of faults.
const (
	BadInput   FaultKind = "input"    // not an input document
	TimeOut    FaultKind = "time-out" // the draft took longer than it may
	NoDecision FaultKind = "none"     // what the draft says is no decision; a gateway would refuse the request
)

// Run makes an attempt on draft, the policies of before with what their author changed.
func Run(ctx context.Context, before, draft fs.FS, a Attempt, newHash func() hash.Hash) Outcome {
	if a.What == Whole || a.What == AllTests {
		if findings := check(ctx, draft, newHash); len(findings) > 0 {
			return Outcome{Findings: findings}
		}
	}
	switch a.What {
	case AllTests:
		return tests(ctx, draft, newHash)
	case OfRecords:
		return a.replay(ctx, before, draft, newHash)
	}
	return a.decide(ctx, before, draft, newHash)
}

func (a *Attempt) decide(ctx context.Context, before, draft fs.FS, newHash func() hash.Hash) Outcome {
	program, err := ready(ctx, draft, newHash)
	if err != nil {
		return Outcome{Findings: explain(ctx, draft, newHash, err)}
	}
	question, err := read(ctx, program.Draft(), a.Input)
	switch {
	case ctx.Err() != nil:
		return Outcome{Fault: faultOf(ctx, err)}
	case err != nil:
		return Outcome{Fault: &Fault{BadInput, err.Error()}}
	}
	answer, err := program.Decide(ctx, question)
	if err != nil {
		return Outcome{Fault: faultOf(ctx, err)}
	}
	o := Outcome{Decision: decisionOf(&answer)}
	if a.What == Whole {
		o.Matrix, err = compare(ctx, before, program, a.Matrix, newHash)
	}
	if err != nil {
		return Outcome{Fault: faultOf(ctx, err)}
	}
	return o
}

// ready compiles a draft, data checked.
func ready(ctx context.Context, fsys fs.FS, newHash func() hash.Hash) (*trial.Program, error) {
	draft, err := policies.ReadDraft(fsys, newHash)
	if err != nil {
		return nil, err
	}
	if err := draft.CheckData(); err != nil {
		return nil, err
	}
	return trial.New(ctx, draft, nil)
}

func check(ctx context.Context, fsys fs.FS, newHash func() hash.Hash) []Finding {
	var all []Finding
	for _, one := range checkup.Check(ctx, fsys, newHash) {
		all = append(all, Finding(one))
	}
	return all
}

// explain looks up what is wrong in the words of check, which knows what was probably meant.
func explain(ctx context.Context, fsys fs.FS, newHash func() hash.Hash, err error) []Finding {
	if findings := check(ctx, fsys, newHash); len(findings) > 0 {
		return findings
	}
	return []Finding{{File: ".", Text: exchange.Text{ZH: "策略不可用：" + err.Error(), EN: err.Error()}}}
}

func read(ctx context.Context, draft *policies.Draft, input string) (trial.Question, error) {
	var document map[string]any
	decoder := json.NewDecoder(strings.NewReader(input))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		return trial.Question{}, err
	}
	if document == nil || decoder.More() {
		return trial.Question{}, errors.New("want one JSON object")
	}
	return trial.FromDocument(ctx, draft, document)
}

func faultOf(ctx context.Context, err error) *Fault {
	if ctx.Err() != nil {
		return &Fault{TimeOut, context.Cause(ctx).Error()}
	}
	return &Fault{NoDecision, err.Error()}
}
