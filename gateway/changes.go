package gateway

import (
	"context"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

// Changes takes reports of changes in; [changefeed.Intake] is one.
type Changes interface {
	// Report returns when the report and the record of its outcome are durable; its errors carry the receipt of theirs.
	Report(context.Context, *exchange.Report) (changefeed.Acceptance, error)
}

// ReportChange answers POST /v1/changes. Whatever becomes of a report that is durable is a 202: to report was right, whether it
// stands is the outcome. What can't be understood is recorded as refused.
func (o operations) ReportChange(c echo.Context, given api.ReportChangeParams) error {
	v := visitOf(c)
	v.trail.work(o.deps.Clock().Sub(v.received))
	q := v.query(exchange.ChangeReport)
	if o.deps.Changes == nil {
		return o.deps.Broker.Refuse(c.Request().Context(), q, &exchange.Error{Code: exchange.OperationNotOffered})
	}
	report := &exchange.Report{Reporter: v.platform.ID, Learned: v.received.UTC(), Caller: q.Caller}
	decode := func(body []byte, r *queryReader) error { return readReport(body, given.IdempotencyKey, r, report) }
	if err := o.understand(c, v, q, decode); err != nil {
		return o.deps.Broker.Refuse(c.Request().Context(), q, err)
	}
	report.Subject, report.Region = q.Subject, q.Region
	report.Licence = o.deps.Pseudonyms.Pseudonym(q.Subject.IDNumber)
	return o.report(c, v, report)
}

// report hands a report that was understood to the intake.
func (o operations) report(c echo.Context, v *visit, report *exchange.Report) error {
	v.region = report.Region
	ctx, cancel := context.WithTimeout(c.Request().Context(), exchange.DefaultBudget)
	defer cancel()
	accepted, err := o.deps.Changes.Report(ctx, report)
	if err != nil {
		return err
	}
	body, err := json.Marshal(changeAnswer{accepted.Outcome, accepted.Version, report.Licence, outcomeText(accepted.Outcome)})
	if err == nil {
		body, err = withReceipt(body, accepted.Receipt)
	}
	if err != nil {
		return exchange.Errorf(exchange.Internal, "encode the outcome of a report: %w", err)
	}
	v.outcome, v.receipt = string(accepted.Outcome), &accepted.Receipt
	return o.deliver(c, v, http.StatusAccepted, body)
}

// changeAnswer is the contract's ChangeReportAnswer, without its receipt.
type changeAnswer struct {
	Outcome exchange.ReportOutcome `json:"outcome"`
	Version uint64                 `json:"version"`
	Licence string                 `json:"licence"`
	Text    exchange.Text          `json:"text"`
}

// outcomeText says what an outcome means and what its reporter is to do.
func outcomeText(outcome exchange.ReportOutcome) exchange.Text {
	switch outcome {
	case exchange.ReportAccepted:
		return exchange.Text{ZH: "报告已生效，将通知其他平台。", EN: "The report stands; other platforms are told."}
	case exchange.ReportUnchanged:
		return exchange.Text{ZH: "与现状相同，已记为本平台的说法，无须再做。", EN: "It says what stands already and is kept as your word; nothing is left to do."}
	case exchange.ReportDuplicate:
		return exchange.Text{ZH: "此报告已收到过，没有再次生效，无须再做。", EN: "This report was taken before and had no second effect; nothing is left to do."}
	case exchange.ReportStale:
		return exchange.Text{
			ZH: "早于本平台已报告的情况，未采用。请核对报告的先后；如确为最新，用新的 reportId、happenedAt 和 sequence 再报。",
			EN: "It is older than your own last word and was not taken. Look at the order of your reports; if this is the newest, report it with a new reportId, happenedAt and sequence.",
		}
	case exchange.ReportConflicting:
		return exchange.Text{
			ZH: "已记为本平台的说法，但以更高或更晚的说法为准。请向公安交管部门核对本平台的数据。",
			EN: "It is kept as your word, but a higher or a later word stands. Check your data with the traffic police.",
		}
	}
	return exchange.Text{
		ZH: "没有公安交管部门的说法不可能有此变化，未采用。请核对本平台的数据和时钟。",
		EN: "There is no such transition without the traffic police's word, or not at that time; it was not taken. Check your data and your clock.",
	}
}
