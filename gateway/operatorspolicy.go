package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Decisions gives what is on record of decisions, for who writes policies.
type Decisions interface {
	// Inputs gives a page of inputs. An unknown token is [exchange.InvalidRequest].
	Inputs(ctx context.Context, asked InputsAsked) (InputsPage, error)
	// Shadow gives the report of the candidate that is asked beside the policies in force, as JSON; nil: there is none.
	Shadow() (json.RawMessage, error)
}

// InputsAsked says which inputs are wanted.
type InputsAsked struct {
	Since    time.Time `json:"since"`
	Until    time.Time `json:"until"`
	Platform string    `json:"platform"` // empty: all
	After    string    `json:"after"`    // an earlier page's next; empty: from the beginning
}

// InputsPage is a page of inputs.
type InputsPage struct {
	Inputs []string `json:"inputs"`         // as JSON, one each
	Next   string   `json:"next,omitempty"` // of the next page; empty: this was the last
	Left   uint64   `json:"left"`           // records that are still to be looked at
}

func (o *Operators) readInputs(ctx context.Context, v *operatorVisit) (outcome, error) {
	if o.deps.Decisions == nil {
		return outcome{}, &exchange.Error{Code: exchange.OperationNotOffered}
	}
	var asked InputsAsked
	if err := v.read(&asked); err != nil {
		return outcome{}, err
	}
	page, err := o.deps.Decisions.Inputs(ctx, asked)
	if exchange.CodeOf(err) == exchange.InvalidRequest {
		return outcome{}, invalid(fault("/after", faultForm))
	}
	return outcome{http.StatusOK, page}, err
}

func (o *Operators) shadow(context.Context, *operatorVisit) (outcome, error) {
	if o.deps.Decisions == nil {
		return outcome{}, &exchange.Error{Code: exchange.OperationNotOffered}
	}
	report, err := o.deps.Decisions.Shadow()
	if err == nil && report == nil {
		err = exchange.Errorf(exchange.NotFound, "no policies.shadow is configured")
	}
	return outcome{http.StatusOK, report}, err
}
