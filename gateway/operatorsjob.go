package gateway

import (
	"context"
	"net/http"
	"path"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// jobView is a job as operators see it.
type jobView struct {
	ID         string          `json:"id"`
	Kind       repair.Kind     `json:"kind"`
	State      repair.State    `json:"state"`
	Platform   string          `json:"platform,omitempty"`
	Token      string          `json:"token,omitempty"`
	Operator   string          `json:"operator"`
	Reason     string          `json:"reason"`
	Began      time.Time       `json:"began"`
	Ended      time.Time       `json:"ended,omitzero"`
	Progress   *progressView   `json:"progress,omitempty"`
	Comparison *comparisonView `json:"comparison,omitempty"`
	Report     *reportView     `json:"report,omitempty"`
	Failure    exchange.Code   `json:"failure,omitempty"`
}

type progressView struct {
	Total     int `json:"total"`
	Done      int `json:"done"`
	Delivered int `json:"delivered"`
	Invisible int `json:"invisible"`
	Skipped   int `json:"skipped"`
	Failed    int `json:"failed"`
	Elsewhere int `json:"elsewhere"`
}

type comparisonView struct {
	Held     int `json:"held"`
	Compared int `json:"compared"`
	Suspects int `json:"suspects"`
	Checked  int `json:"checked"`
}

func viewJob(j *repair.Job) *jobView {
	view := &jobView{
		ID: j.ID, Kind: j.Kind, State: j.State, Platform: j.Platform, Token: j.Token, Operator: j.By.Operator, Reason: j.By.Reason,
		Began: j.Began, Ended: j.Ended, Failure: j.Failure,
	}
	if j.Kind == repair.Compare {
		c := comparisonView(j.Comparison)
		view.Comparison, view.Report = &c, viewReport(j.Report)
		return view
	}
	p := j.Progress
	view.Progress = &progressView{p.Total, p.Done, p.Delivered, p.Invisible, p.Skipped, p.Failed, p.Elsewhere}
	return view
}

func (o *Operators) listJobs(context.Context, *operatorVisit) (outcome, error) {
	views := []*jobView{}
	for _, job := range o.deps.Repairs.Jobs() {
		views = append(views, viewJob(&job))
	}
	return outcome{http.StatusOK, struct {
		Jobs []*jobView `json:"jobs"`
	}{views}}, nil
}

func (o *Operators) getJob(_ context.Context, v *operatorVisit) (outcome, error) {
	job, err := o.deps.Repairs.Job(path.Base(v.request.URL.Path))
	return outcome{http.StatusOK, viewJob(&job)}, err
}

func (o *Operators) stopJob(ctx context.Context, v *operatorVisit) (outcome, error) {
	_, order, err := orderOf(v)
	if err != nil {
		return outcome{}, err
	}
	job, err := o.deps.Repairs.Stop(ctx, order, path.Base(path.Dir(v.request.URL.Path)))
	return outcome{http.StatusOK, viewJob(&job)}, err
}
