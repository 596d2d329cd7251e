package repair

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// comeAgain is the advice to who must wait for somebody else's job.
const comeAgain = 5 * time.Second

// start runs work as a job, once its order is on record. Of the same kind and subject there is one at a time: a second order gets the
// job that runs. Errors: Overloaded when another kind is at work on the subject, when too many jobs run, or when the gateway stops;
// those of a record.
func (d *Desk) start(ctx context.Context, order Order, wanted Job, work func(context.Context, *job) error) (Job, error) {
	if running, err := d.claimed(&wanted); running != nil || err != nil {
		return deref(running), err
	}
	if err := d.record(ctx, &order, operationOf(wanted.Kind), wanted.Platform); err != nil {
		return Job{}, err
	}
	wanted.ID, wanted.By, wanted.State, wanted.Began = order.ID, order.By, Running, d.cfg.Clock().UTC()
	d.mu.Lock()
	defer d.mu.Unlock()
	if running, err := d.conflict(&wanted); running != nil || err != nil { // somebody was faster
		return deref(running), err
	}
	within, cancel := context.WithCancel(d.base)
	j := &job{Job: wanted, cancel: cancel}
	d.jobs = append(d.jobs, j)
	d.forget()
	d.running.Go(func() { d.finish(j, d.guarded(within, j, work)) })
	return j.Job, nil
}

func deref(j *Job) Job {
	if j == nil {
		return Job{}
	}
	return *j
}

func (d *Desk) claimed(wanted *Job) (*Job, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.conflict(wanted)
}

// conflict looks for a reason not to start. The mutex is held.
func (d *Desk) conflict(wanted *Job) (*Job, error) {
	if d.closed {
		return nil, exchange.Errorf(exchange.Overloaded, "the gateway stops")
	}
	running := 0
	for _, j := range d.jobs {
		if j.State != Running {
			continue
		}
		if running++; j.subject() != wanted.subject() {
			continue
		}
		if j.Kind == wanted.Kind {
			same := j.Job
			return &same, nil
		}
		return nil, busy("another_job", exchange.Text{
			ZH: "另一项作业（" + string(j.Kind) + "）正在处理同一对象。", EN: "Another job (" + string(j.Kind) + ") is at work on the same.",
		})
	}
	if running >= mostRunning {
		return nil, busy("too_many_jobs", exchange.Text{ZH: "同时运行的作业过多。", EN: "Too many jobs run at once."})
	}
	return nil, nil
}

func busy(code string, text exchange.Text) error {
	return &exchange.Error{Code: exchange.Overloaded, RetryAfter: comeAgain, Reasons: []exchange.Reason{{Code: code, Text: text}}}
}

// guarded turns a panic into a failure: an operator's job must not end the gateway.
func (d *Desk) guarded(ctx context.Context, j *job, work func(context.Context, *job) error) (err error) {
	defer func() {
		if fault := recover(); fault != nil { // its value may quote foreign bytes
			err = fmt.Errorf("panic with a %T at %s", fault, debug.Stack())
		}
	}()
	return work(ctx, j)
}

// finish notes how a job ended.
func (d *Desk) finish(j *job, err error) {
	j.cancel()
	d.mu.Lock()
	defer d.mu.Unlock()
	j.Ended = d.cfg.Clock().UTC()
	switch {
	case err == nil:
		j.State = Done
	case errors.Is(err, changefeed.ErrReplayPaused):
		j.State = Paused
	case j.stopped || d.closed:
		j.State = Stopped
	default:
		j.State, j.Failure = Failed, exchange.CodeOf(err)
		d.cfg.Logger.Error("an operator's job failed", "job", j.ID, "kind", string(j.Kind), "platform", j.Platform, "error", err)
	}
}

// update changes a job that runs.
func (d *Desk) update(j *job, change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}
