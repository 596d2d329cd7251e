package delivery

import (
	"net/http"
	"slices"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// mostJobs is how many jobs the first page lists.
const mostJobs = 10

func (p *page) all(v *console.Visit) error {
	status, err := p.Desk.Status(v.Context())
	if err != nil {
		return err
	}
	rows := make([]standing, len(status))
	for i := range status {
		rows[i] = standing{status[i], State(&status[i])}
	}
	slices.SortStableFunc(rows, func(a, b standing) int { return weight(b.State) - weight(a.State) })
	jobs := p.Desk.Jobs()
	return v.Show("all", struct {
		Status    []standing
		Jobs      []repair.Job
		Proposals []proposal
	}{rows, jobs[:min(len(jobs), mostJobs)], p.proposals.all()})
}

// State says how one platform stands, as a colour.
func State(s *changefeed.Status) watch.Colour {
	switch {
	case s.Health.Off:
		return watch.Red
	case s.Parked > 0 || s.Aside > 0 || s.Lag > longLag:
		return watch.Yellow
	case s.Health.LastSuccess.IsZero():
		return watch.Grey
	}
	return watch.Green
}

// standing is a platform's status with its colour.
type standing struct {
	changefeed.Status
	State watch.Colour
}

// weight puts first what needs somebody.
func weight(c watch.Colour) int {
	switch c {
	case watch.Red:
		return 2
	case watch.Yellow:
		return 1
	}
	return 0
}

func (p *page) platform(v *console.Visit) error {
	status, err := p.Desk.Status(v.Context())
	if err != nil {
		return err
	}
	id := v.PathValue("id")
	at := slices.IndexFunc(status, func(s changefeed.Status) bool { return s.Platform == id })
	if at < 0 {
		return missing("没有这个接收平台。", "There is no such receiving platform.")
	}
	return v.Show("platform", struct {
		Status     changefeed.Status
		State      watch.Colour
		Report     *reconcile.Report
		Kinds      []reconcile.Kind
		Comparison string
		Repairable int
	}{status[at], State(&status[at]), p.Desk.Report(id), reconcile.Kinds(), p.comparison(id), repairable(p.Desk.Report(id))})
}

func repairable(r *reconcile.Report) int {
	if r == nil {
		return 0
	}
	_, total := r.Repairable()
	return total
}

// comparison gives the job of a platform's latest finished comparison, which a repair names.
func (p *page) comparison(platform string) string {
	for _, job := range p.Desk.Jobs() {
		if job.Kind == repair.Compare && job.Platform == platform && job.Report != nil {
			return job.ID
		}
	}
	return ""
}

func (p *page) job(v *console.Visit) error {
	job, err := p.Desk.Job(v.PathValue("id"))
	if err != nil {
		return err
	}
	return v.Show("job", job)
}

func missing(zh, en string) error {
	return &console.Fault{Status: http.StatusNotFound, Text: watch.Text{Zh: zh, En: en}}
}
