package rehearsal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// Inputs gives inputs of recorded decisions to decide as well, the newest first; at most [MaxInputs] are taken.
type Inputs func(ctx context.Context) ([]impact.Input, error)

// MaxInputs bounds the recorded inputs of one rehearsal: some 2 MB.
const MaxInputs = 5000

// Stage runs rehearsals, one at a time: it is a [publish.Rehearsal].
type Stage struct {
	Program string   // that becomes a child when started with [Argument]
	Environ []string // of the child; nothing of the parent's, where secrets may be
	Limits  Limits
	Inputs  Inputs // nil: none

	turn chan struct{}
}

// NewStage makes a stage for children of a program.
func NewStage(program string, limits Limits, inputs Inputs) *Stage {
	return &Stage{Program: program, Limits: limits, Inputs: inputs, turn: make(chan struct{}, 1)}
}

// Bounds of what a child may say.
const (
	maxAnswer    = 256 << 10
	maxComplaint = 8 << 10
)

// Rehearse implements [publish.Rehearsal].
func (s *Stage) Rehearse(ctx context.Context, before, candidate publish.Files) (publish.Verdict, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return publish.Verdict{}, ctx.Err()
	}
	t := task{Before: before, Candidate: candidate, Limits: s.Limits}
	if s.Inputs != nil {
		inputs, err := s.Inputs(ctx)
		if err != nil {
			return publish.Verdict{}, fmt.Errorf("read recorded inputs: %w", err)
		}
		t.Inputs = inputs[:min(len(inputs), MaxInputs)]
	}
	answer, err := s.run(ctx, &t, nil)
	if err != nil {
		return publish.Verdict{}, err
	}
	return read(answer)
}

// run starts a child and gives its answer if it ends well; told hears how far it is.
func (s *Stage) run(ctx context.Context, t *task, told func(done, all int)) (json.RawMessage, error) {
	// The child ends itself at its own time; this is for one that doesn't.
	bounded, cancel := context.WithTimeout(ctx, s.Limits.Wall+graceTime)
	defer cancel()
	asked, err := t.encode()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(bounded, s.Program, Argument)
	command.Env = append([]string{"GOMAXPROCS=1", "GOTRACEBACK=none"}, s.Environ...)
	command.WaitDelay = graceTime
	isolate(command)
	heard, complaint := listener{told: told}, clippedBuffer{most: maxComplaint}
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(asked), &heard, &complaint
	err = command.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, exhausted(err, complaint.String())
	}
	return heard.last.answer()
}

// answer gives what a child answered; the error is a [publish.Refusal] with why it did not.
func (s *said) answer() (json.RawMessage, error) {
	switch {
	case s.Ended == publish.Unbounded:
		return nil, &publish.Refusal{Code: publish.Unbounded, Err: errors.New(clip(s.Why))}
	case s.Ended != "":
		return nil, &publish.Refusal{Code: publish.Exhausted, Err: errors.New(clip(s.Why))}
	case len(s.Answer) == 0:
		return nil, &publish.Refusal{Code: publish.Exhausted, Err: errors.New("the trial run gave no answer")}
	}
	return s.Answer, nil
}

const graceTime = 5 * time.Second

// encode writes the limits first, so that a child is bounded before it reads anything else.
func (t *task) encode() ([]byte, error) {
	limits, err := json.Marshal(t.Limits)
	if err != nil {
		return nil, fmt.Errorf("tell the child: %w", err)
	}
	whole, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("tell the child: %w", err)
	}
	return append(append(limits, '\n'), whole...), nil
}

// exhausted says how a child ended; of what it complained about only the first line, for the rest is memory addresses.
func exhausted(err error, complaint string) error {
	first, _, _ := strings.Cut(complaint, "\n")
	return &publish.Refusal{Code: publish.Exhausted, Err: fmt.Errorf("the trial run ended by itself: %w %s", err, clip(first))}
}

func read(answer []byte) (publish.Verdict, error) {
	var r result
	if err := json.Unmarshal(answer, &r); err != nil {
		return publish.Verdict{}, &publish.Refusal{Code: publish.Exhausted, Err: errors.New("the trial run gave no answer")}
	}
	if len(r.Faults) > 0 {
		return publish.Verdict{}, &publish.Refusal{Code: publish.NotInOrder, Err: errors.New(strings.Join(r.Faults, "\n"))}
	}
	return r.Verdict, nil
}

// clippedBuffer keeps the beginning of what is written and takes the rest as written.
type clippedBuffer struct {
	bytes.Buffer
	most int
}

func (b *clippedBuffer) Write(p []byte) (int, error) {
	if room := b.most - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}
