package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// statusView is where a receiving platform stands, as operators see it.
type statusView struct {
	Platform    string    `json:"platform"`
	Pending     uint64    `json:"pending"`
	Oldest      time.Time `json:"oldest,omitzero"`
	LagSeconds  float64   `json:"lagSeconds"`
	Aside       int       `json:"aside"` // licences that fail by themselves and are tried apart
	Parked      int       `json:"parked"`
	Off         bool      `json:"off"`
	SwitchedAt  time.Time `json:"switchedAt,omitzero"`
	SwitchedBy  string    `json:"switchedBy,omitempty"`
	Reason      string    `json:"reason,omitempty"`
	LastSuccess time.Time `json:"lastSuccess,omitzero"`
	Compared    time.Time `json:"compared,omitzero"`
	Diverged    *int      `json:"diverged,omitempty"`
}

func (o *Operators) status(ctx context.Context, _ *operatorVisit) (outcome, error) {
	all, err := o.deps.Repairs.Status(ctx)
	views := []statusView{}
	for _, s := range all {
		view := statusView{
			Platform: s.Platform, Pending: s.Entries, Oldest: s.Oldest, LagSeconds: s.Lag.Seconds(), Aside: s.Aside, Parked: s.Parked, Off: s.Health.Off,
			SwitchedAt: s.Health.Since, SwitchedBy: s.Health.Operator, Reason: s.Health.Reason, LastSuccess: s.Health.LastSuccess,
		}
		if report := o.deps.Repairs.Report(s.Platform); report != nil {
			diverged := report.Diverged()
			view.Compared, view.Diverged = report.Ended, &diverged
		}
		views = append(views, view)
	}
	return outcome{http.StatusOK, struct {
		Platforms []statusView `json:"platforms"`
	}{views}}, err
}

// reportView is the outcome of a comparison, as operators see it.
type reportView struct {
	Platform   string        `json:"platform"`
	Began      time.Time     `json:"began"`
	Ended      time.Time     `json:"ended"`
	Known      int           `json:"known"`
	Held       int           `json:"held"`
	Agreeing   int           `json:"agreeing"`
	Waiting    int           `json:"waiting"`
	Unsettled  int           `json:"unsettled"`
	Unclear    int           `json:"unclear"`
	Diverged   int           `json:"diverged"`
	Repairable int           `json:"repairable"`
	Oldest     time.Time     `json:"oldest,omitzero"`
	Findings   []findingView `json:"findings"`
	Aspects    []aspectView  `json:"aspects"`
}

type findingView struct {
	Kind       reconcile.Kind `json:"kind"`
	Count      int            `json:"count"`
	Repairable bool           `json:"repairable"`
	Oldest     time.Time      `json:"oldest,omitzero"`
	Sample     []string       `json:"sample"`
}

type aspectView struct {
	Aspect exchange.Aspect `json:"aspect"`
	Count  int             `json:"count"`
}

func viewReport(r *reconcile.Report) *reportView {
	if r == nil {
		return nil
	}
	_, repairable := r.Repairable()
	view := &reportView{
		Platform: r.Platform, Began: r.Began, Ended: r.Ended, Known: r.Known, Held: r.Held, Agreeing: r.Agreeing, Waiting: r.Waiting,
		Unsettled: r.Unsettled, Unclear: r.Unclear, Diverged: r.Diverged(), Repairable: repairable, Oldest: r.Oldest(),
		Findings: []findingView{}, Aspects: []aspectView{},
	}
	for _, kind := range reconcile.Kinds() {
		if found := r.Findings[kind]; found.Count > 0 {
			sample := append([]string{}, found.Sample...)
			view.Findings = append(view.Findings, findingView{kind, found.Count, kind.Repairable(), found.Oldest, sample})
		}
	}
	for _, aspect := range exchange.Aspects() {
		if count := r.Aspects[aspect]; count > 0 {
			view.Aspects = append(view.Aspects, aspectView{aspect, count})
		}
	}
	return view
}

func (o *Operators) report(_ context.Context, v *operatorVisit) (outcome, error) {
	report := o.deps.Repairs.Report(v.platform())
	if report == nil {
		return outcome{}, exchange.Errorf(exchange.NotFound, "no comparison of this platform since the start")
	}
	return outcome{http.StatusOK, viewReport(report)}, nil
}
