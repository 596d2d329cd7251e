package repair

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is what a job does.
type Kind string

// The kinds.
const (
	Replay  Kind = "replay"
	Skip    Kind = "skip"
	Compare Kind = "reconcile"
	Mend    Kind = "repair"
)

// State is how a job stands.
type State string

// The states. Only a running job changes.
const (
	Running State = "running"
	Done    State = "done"    // it went to its end; single licences may have failed, which the progress counts
	Paused  State = "paused"  // it paused itself: 5 % failed. The same order again goes on
	Stopped State = "stopped" // by an operator, or because the gateway stops
	Failed  State = "failed"  // Failure says why
)

// Job is one order that takes time, as it stood at one moment.
type Job struct {
	ID         string
	Kind       Kind
	State      State
	Platform   string // of a comparison or a repair
	Token      string // of a replay or a skip
	By         changefeed.Action
	Began      time.Time
	Ended      time.Time           // zero: it runs
	Progress   changefeed.Progress // of all but a comparison
	Comparison reconcile.Progress  // of a comparison
	Report     *reconcile.Report   // of a comparison that is done
	Failure    exchange.Code       // of one that failed
}

// subject is what no two running jobs may be about.
func (j *Job) subject() string {
	switch j.Kind {
	case Replay, Skip:
		return "token " + j.Token
	}
	return "platform " + j.Platform
}

// job is a Job that goes on. All but cancel is guarded by the desk's mutex.
type job struct {
	Job
	cancel  context.CancelFunc
	stopped bool // by an operator
}

// Bounds of what a desk keeps.
const (
	mostRunning = 8
	mostKept    = 100
)

// Jobs gives the jobs that the desk remembers, the newest first.
func (d *Desk) Jobs() []Job {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]Job, 0, len(d.jobs))
	for i := range d.jobs {
		all = append(all, d.jobs[len(d.jobs)-1-i].Job)
	}
	return all
}

// Job gives one. Errors: NotFound.
func (d *Desk) Job(id string) (Job, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if j := d.find(id); j != nil {
		return j.Job, nil
	}
	return Job{}, exchange.Errorf(exchange.NotFound, "no job of this id; jobs are forgotten at a restart, and after %d others", mostKept)
}

func (d *Desk) find(id string) *job {
	for _, j := range d.jobs {
		if j.ID == id {
			return j
		}
	}
	return nil
}

// forget drops the oldest job that ended when there are too many.
func (d *Desk) forget() {
	for i, j := range d.jobs {
		if len(d.jobs) <= mostKept {
			return
		}
		if j.State != Running {
			d.jobs = append(d.jobs[:i:i], d.jobs[i+1:]...)
			return
		}
	}
}
