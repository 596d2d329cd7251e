package delivery

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// The operations by which records name what two persons do about one order.
const (
	OrderPropose  exchange.Operation = "operators.propose"
	OrderConfirm  exchange.Operation = "operators.confirm"
	OrderWithdraw exchange.Operation = "operators.withdraw"
)

// recordBudget bounds the wait for a record; see package repair.
const recordBudget = 3 * time.Second

func (p *page) record(ctx context.Context, o *repair.Order, operation exchange.Operation, platform string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordBudget)
	defer cancel()
	_, err := p.Recorder.Record(ctx, &exchange.Record{
		ID: o.ID, Time: p.Clock().UTC(), Operation: operation, Platform: platform, KeyID: o.Caller.KeyID,
		Purpose: exchange.Purpose{Operator: o.By.Operator, MatterName: o.By.Reason}, Outcome: repair.Ordered, Body: o.Caller.Body,
	})
	if err == nil || exchange.CodeOf(err) == exchange.Overloaded {
		return err
	}
	return &exchange.Error{Code: exchange.RecordNotDurable, Err: err}
}

func (p *page) propose(v *console.Visit, given repair.Order, w wanted) error {
	if err := p.record(v.Context(), &given, OrderPropose, w.Platform); err != nil {
		return err
	}
	now := p.Clock()
	if !p.proposals.add(proposal{w, given, now, now.Add(expiry)}) {
		return &exchange.Error{Code: exchange.Overloaded}
	}
	return v.Go("/changes/proposals/"+given.ID, watch.Text{
		Zh: "已记录，等待另一人复核；复核之前不会执行。", En: "It is on record and waits for a second person. Nothing happens before that.",
	})
}

func (p *page) proposal(v *console.Visit) error {
	one, ok := p.proposals.get(v.PathValue("id"))
	if !ok {
		return errProposal()
	}
	shown := weighed{proposal: one}
	if one.Kind == repair.Mend {
		found, err := p.Desk.Job(one.Comparison)
		if err != nil && exchange.CodeOf(err) != exchange.NotFound { // one that is forgotten can still be withdrawn
			return err
		}
		shown.Report, shown.Kinds = found.Report, reconcile.Kinds()
		return v.Show("proposal", shown)
	}
	now, err := p.Desk.Meant(v.Context(), one.Token)
	if err != nil {
		return err
	}
	shown.Now = now
	return v.Show("proposal", shown)
}

// weighed is a proposal with what it is about now, for who is to confirm it: a preview, or the comparison that a repair goes by.
type weighed struct {
	proposal
	Now    changefeed.Preview
	Report *reconcile.Report
	Kinds  []reconcile.Kind
}

func errProposal() error {
	return missing("没有这项待复核命令：可能已复核、撤回或过期。", "No such order waits: it was confirmed or withdrawn, or its time is over.")
}

// confirm starts a proposal on a second person's word. Both are on record: this one, and the order under the name of who proposed it.
func (p *page) confirm(v *console.Visit) error {
	second, err := order(v)
	if err != nil {
		return err
	}
	id := v.PathValue("id")
	if one, ok := p.proposals.get(id); ok && v.Person.ID == one.Order.By.Operator {
		return &console.Fault{Status: http.StatusForbidden, Text: watch.Text{
			Zh: "须由提出者以外的另一人复核。", En: "Somebody else than who proposed it must confirm it.",
		}}
	}
	one, ok := p.proposals.take(id)
	if !ok {
		return errProposal()
	}
	job, err := p.confirmed(v, &second, one)
	if err != nil {
		p.proposals.add(one) // it waits on, as nothing has begun
		return err
	}
	return v.Go("/changes/jobs/"+job.ID, watch.Text{Zh: "复核已记录，命令开始执行。", En: "Your confirmation is on record and the order has begun."})
}

func (p *page) confirmed(v *console.Visit, second *repair.Order, one proposal) (repair.Job, error) {
	second.By.Reason = fmt.Sprintf("%s [%s]", second.By.Reason, one.Order.ID)
	if err := p.record(v.Context(), second, OrderConfirm, one.Platform); err != nil {
		return repair.Job{}, err
	}
	given := one.Order
	given.By.Reason = fmt.Sprintf("%s [%s %s]", given.By.Reason, v.Person.ID, second.ID)
	return p.begin(v.Context(), given, one.wanted)
}

// withdraw ends a proposal; who made it may, and whoever could confirm it.
func (p *page) withdraw(v *console.Visit) error {
	given, err := order(v)
	if err != nil {
		return err
	}
	one, ok := p.proposals.get(v.PathValue("id"))
	if !ok {
		return errProposal()
	}
	given.By.Reason = fmt.Sprintf("%s [%s]", given.By.Reason, one.Order.ID)
	if err := p.record(v.Context(), &given, OrderWithdraw, one.Platform); err != nil {
		return err
	}
	p.proposals.take(one.Order.ID)
	return v.Go("/changes", watch.Text{Zh: "已撤回并记录。", En: "Withdrawn and on record."})
}
