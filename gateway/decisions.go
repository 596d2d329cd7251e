package gateway

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Accounts explains decisions to the platforms that they concern.
type Accounts interface {
	// Account explains a decision on one of the platform's queries. The error is [exchange.NotFound] for an id that was never given out,
	// for a decision too old to be told and for another platform's, which must not be told apart.
	Account(ctx context.Context, platform, id string) (exchange.Account, error)
}

// ReadDecision answers GET /v1/decisions/{id} for the platform that signed. It shows what is on record already and is not recorded.
func (o operations) ReadDecision(c echo.Context, id string) error {
	v := visitOf(c)
	if err := bare(c, v); err != nil {
		return err
	}
	if o.deps.Accounts == nil {
		return &exchange.Error{Code: exchange.OperationNotOffered}
	}
	account, err := o.deps.Accounts.Account(c.Request().Context(), v.platform.ID, id)
	if err != nil {
		return err
	}
	body, err := json.Marshal(decisionAnswer{accountView(&account)})
	if err != nil {
		return exchange.Errorf(exchange.Internal, "encode the decision: %w", err)
	}
	return o.succeed(c, v, body)
}

// decisionAnswer is the contract's DecisionAnswer.
type decisionAnswer struct {
	Decision decisionView `json:"decision"`
}

type decisionView struct {
	ID           string              `json:"id"`
	At           time.Time           `json:"at"`
	Operation    exchange.Operation  `json:"operation"`
	Region       exchange.Region     `json:"region"`
	Purpose      string              `json:"purpose"`
	Outcome      string              `json:"outcome"`
	Allowed      bool                `json:"allowed"`
	Revision     string              `json:"revision"`
	Assurance    string              `json:"assurance"`
	Reasons      []exchange.Reason   `json:"reasons"`
	Rules        []ruleView          `json:"rules"`
	Shown        []exchange.Field    `json:"shown"`
	Masked       []exchange.Field    `json:"masked"`
	Withheld     []exchange.Withheld `json:"withheld"`
	Ways         []wayView           `json:"ways"`
	WaysRevision string              `json:"waysRevision"`
	Contact      exchange.Text       `json:"contact,omitzero"`
}

type ruleView struct {
	Name  string        `json:"name"`
	Title exchange.Text `json:"title"`
}

type wayView struct {
	Kind     exchange.WayKind `json:"kind"`
	Value    string           `json:"value,omitempty"`
	Text     exchange.Text    `json:"text"`
	Allows   bool             `json:"allows"`
	Resolves []string         `json:"resolves"`
	Fields   []exchange.Field `json:"fields"`
}

func accountView(a *exchange.Account) decisionView {
	view := decisionView{
		ID: a.ID, At: a.At, Operation: a.Operation, Region: a.Region, Purpose: a.Purpose, Outcome: a.Outcome, Allowed: a.Allowed, Revision: a.Revision,
		Assurance: a.Assurance, Reasons: a.Reasons, Shown: a.Shown, Masked: a.Masked, Withheld: a.Withheld, WaysRevision: a.WaysBy, Contact: a.Contact,
	}
	for _, rule := range a.Rules {
		view.Rules = append(view.Rules, ruleView(rule))
	}
	for _, way := range a.Ways {
		view.Ways = append(view.Ways, wayView(way))
	}
	return view
}
