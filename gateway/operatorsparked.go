package gateway

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// defaultParked is how many parked deliveries are listed if the operator does not say.
const defaultParked = 100

// selected is how a request selects parked deliveries; each operation's schema says which members it has.
type selected struct {
	Platform string        `json:"platform"`
	Code     exchange.Code `json:"code"`
	From     time.Time     `json:"from"`
	Until    time.Time     `json:"until"`
	Limit    int           `json:"limit"`
	Token    string        `json:"token"`
}

func (s *selected) selection() changefeed.Selection {
	return changefeed.Selection{Platform: s.Platform, Reason: s.Code, From: s.From.UTC(), Until: s.Until.UTC()}
}

// parkedView is a parked delivery as operators see it.
type parkedView struct {
	Platform string        `json:"platform"`
	Licence  string        `json:"licence"`
	Version  uint64        `json:"version"`
	Revision uint64        `json:"revision"`
	Code     exchange.Code `json:"code"`
	Since    time.Time     `json:"since"`
	Attempts int           `json:"attempts"`
	History  []failureView `json:"history"`
}

type failureView struct {
	At   time.Time     `json:"at"`
	Code exchange.Code `json:"code"`
}

func viewParked(list []changefeed.Parked) []parkedView {
	views := make([]parkedView, 0, len(list))
	for _, p := range list {
		view := parkedView{p.Platform, p.Licence, p.Version, uint64(p.Revision), p.Reason, p.Since, p.Attempts, []failureView{}}
		for _, failure := range p.History {
			view.History = append(view.History, failureView(failure))
		}
		views = append(views, view)
	}
	return views
}

func (o *Operators) listParked(ctx context.Context, v *operatorVisit) (outcome, error) {
	var asked selected
	if err := v.read(&asked); err != nil {
		return outcome{}, err
	}
	first, total, err := o.deps.Repairs.Parked(ctx, asked.selection(), cmp.Or(asked.Limit, defaultParked))
	return outcome{http.StatusOK, struct {
		Total  int          `json:"total"`
		Parked []parkedView `json:"parked"`
	}{total, viewParked(first)}}, err
}

// preview freezes a selection, or shows what is left of a token.
func (o *Operators) preview(ctx context.Context, v *operatorVisit) (outcome, error) {
	var asked selected
	if err := v.read(&asked); err != nil {
		return outcome{}, err
	}
	var preview changefeed.Preview
	var err error
	switch {
	case asked.Token == "":
		preview, err = o.deps.Repairs.Preview(ctx, asked.selection())
	case asked != selected{Token: asked.Token}:
		return outcome{}, invalid(fault("/token", faultUnknown)) // a token has its selection
	default:
		preview, err = o.deps.Repairs.Meant(ctx, asked.Token)
	}
	return outcome{http.StatusOK, struct {
		Token string       `json:"token"`
		Count int          `json:"count"`
		First []parkedView `json:"first"`
	}{preview.Token, preview.Count, viewParked(preview.First)}}, badToken(err)
}

// badToken points at the token where it is what is wrong.
func badToken(err error) error {
	if exchange.CodeOf(err) == exchange.InvalidRequest {
		return invalid(fault("/token", faultForm))
	}
	return err
}
