package tmri

import (
	"cmp"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// decision reads a row of VioDrvInfo: a penalty decision, whose points and fine count.
func decision(row columns) (exchange.Violation, error) {
	r := reader{columns: row}
	violation := r.occurrence("wfbh")
	violation.Processed = true
	violation.DecisionNumber = row.text("jdsbh")
	violation.Points = r.count("wfjfs")
	violation.FineFen = r.fen("fkje")
	violation.LateFeeFen = r.fen("znj")
	violation.Payment = payment(row.text("jkbj"))
	violation.PaidOn = r.date("jkrq")
	violation.DecidedOn = r.date("clsj")
	violation.Authority = cmp.Or(row.text("fxjgmc"), row.text("cljg"))
	return violation, r.err
}

// camera reads a row of VioSurveil. Whatever the row says of points or money is not read: they arise with the decision only
// (道路交通安全违法行为处理程序规定 arts. 19-22).
func camera(row columns) (exchange.Violation, error) {
	r := reader{columns: row}
	violation := r.occurrence("xh")
	violation.Authority = cmp.Or(row.text("cjjgmc"), row.text("cjjg"))
	return violation, r.err
}

// occurrence reads what both kinds of row have.
func (r *reader) occurrence(id string) exchange.Violation {
	return exchange.Violation{
		ID:          r.required(id),
		OccurredAt:  r.moment("wfsj"),
		Place:       r.columns.text("wfdz"),
		Division:    r.columns.text("xzqh"),
		Act:         r.columns.text("wfxw"),
		ActText:     r.columns.text("wfnr"),
		PlateType:   r.columns.text("hpzl"),
		PlateNumber: r.columns.text("hphm"),
		UpdatedAt:   r.moment("gxsj"),
	}
}

// payment reads 交款标记. An empty column says nothing; a flag that no list has is unknown, not unpaid.
func payment(flag string) exchange.Payment {
	switch flag {
	case "":
		return ""
	case "0":
		return exchange.PaymentUnpaid
	case "1":
		return exchange.PaymentPaid
	case "9":
		return exchange.PaymentNone
	}
	return exchange.PaymentUnknown
}
