package exchange

import (
	"context"
	"time"
)

// What break-glass access is called where purposes and platforms are: policies offer the purpose to that one party, which is the gateway's
// own and no platform that calls it.
const (
	BreakGlassPurpose  = "break-glass"
	BreakGlassPlatform = "break-glass"
)

// BreakGlassAction is what an operator wants to do with an emergency access.
type BreakGlassAction string

// The actions that policy decides on. To close one is open to every operator.
const (
	BreakGlassOpen    BreakGlassAction = "open"
	BreakGlassConfirm BreakGlassAction = "confirm"
	BreakGlassQuery   BreakGlassAction = "query"
)

// BreakGlassQuestion is all that the policy on emergency access may depend on. It holds nothing of the person and no word of the reason.
type BreakGlassQuestion struct {
	Now         time.Time
	Action      BreakGlassAction
	Operator    string // as the signature proves
	Region      Region // province that keeps the licence
	LegalBasis  string // such as PIPL-13-4
	Minutes     int    // for which the access is, or was, asked
	OpenedToday int    // accesses that the operator asked for on this day in China before
}

// BreakGlassTerms are the terms on which an access is open, or why it is not.
type BreakGlassTerms struct {
	Revision       string
	Reasons        []Reason // why it is refused; none: it is allowed
	SecondPerson   bool     // another operator must confirm it
	ConfirmMinutes int      // within so many minutes
	Queries        int      // the most questions that one access is good for
	Unit           string   // 单位代码 that the operator acts for
	Fields         []Field  // of all operations: the most that may be seen
}

// BreakGlassJudge decides on emergency access. An error is a refusal.
type BreakGlassJudge interface {
	JudgeBreakGlass(ctx context.Context, question BreakGlassQuestion) (BreakGlassTerms, error)
}

// glassWhole reports whether a query for the purpose of break-glass comes by way of an opened access, and only such a one does: whatever
// policies say by mistake, no platform asks in an operator's place.
func (q *Query) glassWhole() bool {
	asksFor := q.Purpose.Code == BreakGlassPurpose || q.Caller.Platform == BreakGlassPlatform
	return asksFor == (q.Opening != "")
}

func glassBroken() Reason {
	return Reason{Code: "breakglass_not_open", Rule: "exchange.breakglass", Text: Text{
		ZH: "紧急访问须由运维人员先行开启。请改用本平台获准的用途。",
		EN: "Emergency access must be opened by an operator first. Use a purpose that was granted to this platform.",
	}}
}
