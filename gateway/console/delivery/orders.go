package delivery

import (
	"context"
	"net/http"
	"strconv"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// order is what the visitor orders, with his reason and how it came in.
func order(v *console.Visit) (repair.Order, error) {
	reason, err := v.Reason()
	if err != nil {
		return repair.Order{}, err
	}
	id, err := v.OrderID()
	if err != nil {
		return repair.Order{}, err
	}
	caller, err := v.Caller()
	return repair.Order{ID: id, By: changefeed.Action{Operator: v.Person.ID, Reason: reason}, Caller: caller}, err
}

// mostPerSecond bounds a replay; a platform's own quota may be far lower.
const mostPerSecond = 1000

// rate reads how many tries a second; 0 is the default.
func rate(v *console.Visit) (float64, error) {
	text := v.PostForm.Get("perSecond")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0 && n <= mostPerSecond) {
		return 0, &console.Fault{Status: http.StatusUnprocessableEntity, Text: watch.Text{
			Zh: "速率应大于 0，不超过 1000。", En: "The rate must be above 0 and at most 1000.",
		}}
	}
	return n, nil
}

// decide takes a replay or a skip of what the visitor was shown; of more than that, never.
func (p *page) decide(v *console.Visit, kind repair.Kind) error {
	was, ok := p.seal.read(v.Person.ID, v.PostForm)
	if !ok {
		return errSeal()
	}
	now, err := p.Desk.Meant(v.Context(), was.Token)
	if err != nil {
		return err
	}
	if now.Count > was.Count {
		return errSeal()
	}
	given, err := order(v)
	if err != nil {
		return err
	}
	perSecond, err := rate(v)
	if err != nil {
		return err
	}
	return p.give(v, given, wanted{Kind: kind, Token: was.Token, Platform: now.Selection.Platform, Count: now.Count, PerSecond: perSecond})
}

// mend tells a platform again what its latest comparison found that it lacks.
func (p *page) mend(v *console.Visit) error {
	given, err := order(v)
	if err != nil {
		return err
	}
	perSecond, err := rate(v)
	if err != nil {
		return err
	}
	platform := v.PathValue("id")
	id := v.PostForm.Get("comparison")
	found, err := p.Desk.Job(id)
	if err != nil || found.Platform != platform || found.Report == nil {
		return missing("没有这次对账。", "There is no such comparison.")
	}
	return p.give(v, given, wanted{Kind: repair.Mend, Comparison: id, Platform: platform, Count: repairable(found.Report), PerSecond: perSecond})
}

// give carries an order out, or proposes it to a second person if it is about too much for one.
func (p *page) give(v *console.Visit, given repair.Order, w wanted) error {
	if w.Count > bulk {
		return p.propose(v, given, w)
	}
	job, err := p.begin(v.Context(), given, w)
	if err != nil {
		return err
	}
	return v.Go("/changes/jobs/"+job.ID, watch.Text{Zh: "命令已记录并开始执行。", En: "The order is on record and has begun."})
}

// begin starts the job. What it does is recorded before by who takes the order.
func (p *page) begin(ctx context.Context, given repair.Order, w wanted) (repair.Job, error) {
	job, err := p.start(ctx, given, w)
	return job, begun(&given, &job, err)
}

// begun says if a job is another order's: the desk answers the second of two alike with the job that runs, and does nothing more.
func begun(given *repair.Order, job *repair.Job, err error) error {
	if err != nil || job.ID == given.ID {
		return err
	}
	return &console.Fault{Status: http.StatusConflict, Text: watch.Text{
		Zh: "同样的命令正在执行（由 " + job.By.Operator + " 下达），您的命令没有开始。请待其结束。",
		En: "The same is being done already, by order of " + job.By.Operator + ". Yours has not begun; wait for that one to end.",
	}}
}

func (p *page) start(ctx context.Context, given repair.Order, w wanted) (repair.Job, error) {
	switch w.Kind {
	case repair.Replay:
		return p.Desk.Replay(ctx, given, w.Token, w.PerSecond)
	case repair.Skip:
		return p.Desk.Skip(ctx, given, w.Token)
	case repair.Mend:
		return p.Desk.Repair(ctx, given, w.Comparison, w.PerSecond)
	}
	return repair.Job{}, exchange.Errorf(exchange.Internal, "no order of the kind %s", w.Kind)
}

func (p *page) compare(v *console.Visit) error {
	given, err := order(v)
	if err != nil {
		return err
	}
	job, err := p.Desk.Compare(v.Context(), given, v.PathValue("id"))
	if exchange.CodeOf(err) == exchange.OperationNotOffered {
		return &console.Fault{Status: http.StatusUnprocessableEntity, Text: watch.Text{
			Zh: "该平台无法说明其持有内容，不能对账。", En: "This platform can't say what it holds, so nothing can be compared.",
		}}
	}
	if err := begun(&given, &job, err); err != nil {
		return err
	}
	return v.Go("/changes/jobs/"+job.ID, watch.Text{Zh: "对账已记录并开始。", En: "The comparison is on record and has begun."})
}

func (p *page) turn(v *console.Visit, on bool) error {
	given, err := order(v)
	if err != nil {
		return err
	}
	id := v.PathValue("id")
	if err := p.Desk.Switch(v.Context(), given, id, on); err != nil {
		return err
	}
	told := watch.Text{Zh: "已停用，变更会为其保留。", En: "Switched off; changes wait for it."}
	if on {
		told = watch.Text{Zh: "已启用，积压随即送达。", En: "Switched on; what waited is delivered now."}
	}
	return v.Go("/changes/platforms/"+id, told)
}

func (p *page) stop(v *console.Visit) error {
	given, err := order(v)
	if err != nil {
		return err
	}
	job, err := p.Desk.Stop(v.Context(), given, v.PathValue("id"))
	if err != nil {
		return err
	}
	told := watch.Text{Zh: "已要求停止，已完成的部分保持不变。", En: "It was told to stop; what is done stays done."}
	if job.State != repair.Running {
		told = watch.Text{Zh: "此前已经结束，没有停止任何操作。", En: "It had ended before; nothing was stopped."}
	}
	return v.Go("/changes/jobs/"+job.ID, told)
}
