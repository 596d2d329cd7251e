package breakglass

import "github.com/zhengqiao/zhengqiao/exchange"

// ground is why the desk itself refuses, whatever policies say.
type ground string

const (
	notOpen       ground = "breakglass_not_open"
	notPending    ground = "breakglass_not_pending"
	notYours      ground = "breakglass_not_yours"
	otherSubject  ground = "breakglass_other_subject"
	queriesSpent  ground = "breakglass_queries_spent"
	samePerson    ground = "breakglass_same_person"
	nothingToShow ground = "breakglass_nothing_to_show"
	clockWrong    ground = "breakglass_clock"
)

func refusal(g ground) error {
	return &exchange.Error{Code: exchange.PolicyRefused, Reasons: []exchange.Reason{{Code: string(g), Rule: "breakglass.desk", Text: g.text()}}}
}

func (g ground) text() exchange.Text {
	switch g {
	case notPending:
		return exchange.Text{ZH: "此紧急访问不在等待确认。如仍需要，请重新申请。", EN: "This access does not wait to be confirmed. Ask for a new one if it is still needed."}
	case notYours:
		return exchange.Text{ZH: "此紧急访问由他人开启，只有其本人可用。请自行申请。", EN: "Another operator opened this access and it is good for nobody else. Ask for one of your own."}
	case otherSubject:
		return exchange.Text{ZH: "此紧急访问只针对一人，并非所查之人。请为此人另行申请。", EN: "This access is to one person's record, and to another's than asked about. Ask for one for this person."}
	case queriesSpent:
		return exchange.Text{ZH: "此紧急访问的查询次数已用完。如仍需要，请重新申请。", EN: "The questions of this access are spent. Ask for a new one if it is still needed."}
	case samePerson:
		return exchange.Text{ZH: "申请人不得自行确认。请由另一名运维人员确认。", EN: "Who asked for it can't confirm it. Let another operator do so."}
	case nothingToShow:
		return exchange.Text{ZH: "此紧急访问不含该类查询的任何数据项。", EN: "This access has no field of this kind of query."}
	case clockWrong:
		return exchange.Text{ZH: "网关的时钟被调回，无法确认时限。请先校准时钟。", EN: "The gateway's clock was set back, so that no time can be kept. Set it right first."}
	}
	return exchange.Text{ZH: "此紧急访问未开启或已结束。如仍需要，请重新申请。", EN: "This access is not open, or not any more. Ask for a new one if it is still needed."}
}
