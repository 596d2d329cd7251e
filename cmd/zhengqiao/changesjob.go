package main

import (
	"fmt"
	"time"
)

// job is a job in the gateway.
type job struct {
	ID, Kind, State, Platform, Token, Failure string
	Progress                                  *struct{ Total, Done, Delivered, Invisible, Skipped, Failed, Elsewhere int }
	Comparison                                *struct{ Held, Compared, Suspects, Checked int }
	Report                                    *report
}

// lookEvery is how often a job's progress is read.
const lookEvery = 300 * time.Millisecond

// watch shows a job's progress until it ends. Its error says how it ended, if not well.
func (o *operator) watch(id string) error {
	ended, err := o.await(id)
	if err != nil {
		return err
	}
	return ended.outcome(o)
}

// await shows a job's progress on standard error until it ends.
func (o *operator) await(id string) (*job, error) {
	ctx, shown := o.command.Context(), ""
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		var now job
		if err := o.get(ctx, "/jobs/"+id, &now); err != nil {
			if ctx.Err() != nil {
				return nil, fmt.Errorf("the job goes on in the gateway; watch it again with `zhengqiao changes job %s`", id)
			}
			return nil, err
		}
		if line := now.line(); line != shown {
			fmt.Fprintln(o.command.ErrOrStderr(), line)
			shown = line
		}
		if now.State != "running" {
			return &now, nil
		}
		select {
		case <-look.C:
		case <-ctx.Done():
		}
	}
}

// line says how far a job has come.
func (j *job) line() string {
	switch {
	case j.Comparison != nil:
		c := j.Comparison
		return fmt.Sprintf("%s: %d held, %d compared, %d of %d suspects looked at again", j.State, c.Held, c.Compared, c.Checked, c.Suspects)
	case j.Progress != nil:
		p := j.Progress
		return fmt.Sprintf("%s: %d of %d; %d delivered, %d skipped, %d not to be seen, %d failed, %d decided elsewhere",
			j.State, p.Done, p.Total, p.Delivered, p.Skipped, p.Invisible, p.Failed, p.Elsewhere)
	}
	return j.State
}

// outcome is nil for a job that did all it was for.
func (j *job) outcome(o *operator) error {
	var text string
	switch {
	case j.Failure != "":
		text = fmt.Sprintf("%s failed: %s; the gateway's log says why", j.Kind, j.Failure)
	case j.State == "paused" && j.Kind == "replay":
		text = fmt.Sprintf("the replay has paused itself, %d of %d tries failed: look at them with `zhengqiao changes parked`, mend the cause, and go on with `zhengqiao changes replay --token %s --reason ...`",
			j.Progress.Failed, j.Progress.Done, j.Token)
	case j.State == "paused":
		text = fmt.Sprintf("the repair has paused itself, %d of %d tries failed: mend the cause, and compare again", j.Progress.Failed, j.Progress.Done)
	case j.State == "stopped":
		text = j.Kind + " was stopped; what it has done stays done"
	case j.Progress != nil && j.Progress.Failed > 0:
		text = fmt.Sprintf("%d of %d failed; `zhengqiao changes parked` or another comparison shows them", j.Progress.Failed, j.Progress.Total)
	case j.Report != nil:
		return j.Report.show(o)
	default:
		o.say("%s\n", j.line())
		return nil
	}
	return codedError{exitIncomplete, fmt.Errorf("%s", text)}
}
