package gateway

import (
	"context"
	"net/http"

	"github.com/zhengqiao/zhengqiao/changefeed/repair"
)

// ordered is the body of every order; each operation's schema says which members it has.
type ordered struct {
	Token      string  `json:"token"`
	Comparison string  `json:"comparison"`
	Reason     string  `json:"reason"`
	PerSecond  float64 `json:"perSecond"`
}

// orderOf reads an order.
func orderOf(v *operatorVisit) (ordered, repair.Order, error) {
	var asked ordered
	if err := v.read(&asked); err != nil {
		return asked, repair.Order{}, err
	}
	order, err := v.order(asked.Reason)
	return asked, order, err
}

func (o *Operators) replay(ctx context.Context, v *operatorVisit) (outcome, error) {
	asked, order, err := orderOf(v)
	if err != nil {
		return outcome{}, err
	}
	job, err := o.deps.Repairs.Replay(ctx, order, asked.Token, asked.PerSecond)
	return accepted(job), badToken(err)
}

func (o *Operators) skip(ctx context.Context, v *operatorVisit) (outcome, error) {
	asked, order, err := orderOf(v)
	if err != nil {
		return outcome{}, err
	}
	job, err := o.deps.Repairs.Skip(ctx, order, asked.Token)
	return accepted(job), badToken(err)
}

func (o *Operators) compare(ctx context.Context, v *operatorVisit) (outcome, error) {
	_, order, err := orderOf(v)
	if err != nil {
		return outcome{}, err
	}
	job, err := o.deps.Repairs.Compare(ctx, order, v.platform())
	return accepted(job), err
}

func (o *Operators) repair(ctx context.Context, v *operatorVisit) (outcome, error) {
	asked, order, err := orderOf(v)
	if err != nil {
		return outcome{}, err
	}
	if known, err := o.deps.Repairs.Job(asked.Comparison); err != nil || known.Kind != repair.Compare || known.Platform != v.platform() {
		return outcome{}, invalid(fault("/comparison", faultChoice))
	}
	job, err := o.deps.Repairs.Repair(ctx, order, asked.Comparison, asked.PerSecond)
	return accepted(job), err
}

func accepted(job repair.Job) outcome { return outcome{http.StatusAccepted, viewJob(&job)} }

func (o *Operators) enable(ctx context.Context, v *operatorVisit) (outcome, error) {
	return o.turn(ctx, v, true)
}

func (o *Operators) disable(ctx context.Context, v *operatorVisit) (outcome, error) {
	return o.turn(ctx, v, false)
}

func (o *Operators) turn(ctx context.Context, v *operatorVisit, on bool) (outcome, error) {
	_, order, err := orderOf(v)
	if err != nil {
		return outcome{}, err
	}
	err = o.deps.Repairs.Switch(ctx, order, v.platform(), on)
	return outcome{http.StatusOK, struct {
		Platform string `json:"platform"`
		Off      bool   `json:"off"`
	}{v.platform(), !on}}, err
}
