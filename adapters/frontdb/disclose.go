package frontdb

import (
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// endOfTime is the day that the tables hold where a licence has no last day (长期).
var endOfTime = exchange.Date{Year: 9999, Month: time.December, Day: 31}

// disclose puts one field of the notice into its column. A field that has no column is left out: a new one needs a migration first.
func (l *line) disclose(field exchange.DisclosedField) {
	switch field.Name {
	case "status":
		put(l, zt, field, func(states []exchange.StatusState) { l.text(zt, letters(states)) })
	case "mayDrive":
		put(l, mayDrive, field, func(may exchange.MayDrive) { l.text(mayDrive, string(may)) })
	case "classes":
		put(l, zjcx, field, func(classes []exchange.Class) { l.text(zjcx, joined(classes)) })
	case "validUntil":
		put(l, yxqz, field, func(until exchange.Date) { l.day(yxqz, until) })
	case "longTerm":
		put(l, yxqz, field, l.longTerm)
	case "validity":
		put(l, validity, field, func(v exchange.Validity) { l.text(validity, string(v)) })
	case "cardNumber":
		put(l, zxbh, field, func(number string) { l.text(zxbh, number) })
	case "issuedOn":
		put(l, fzrq, field, func(on exchange.Date) { l.day(fzrq, on) })
	case "replacements":
		put(l, bzcs, field, func(times int) { l.number(bzcs, times) })
	case "points":
		put(l, ljjf, field, func(points int) { l.number(ljjf, points) })
	case "cycleEnd":
		put(l, qfrq, field, func(end exchange.Date) { l.day(qfrq, end) })
	}
}

// put hands on the field's value. One of another type than the field's has no form that could be written, so the row is refused
// rather than written without it.
func put[T any](l *line, c column, field exchange.DisclosedField, write func(T)) {
	value, ok := field.Value.(T)
	if !ok {
		l.spoil(c, errForm)
		return
	}
	write(value)
}

// longTerm says that there is no last day. That there is one says nothing: the day itself may be withheld.
func (l *line) longTerm(unending bool) {
	if unending {
		l.day(yxqz, endOfTime)
	}
}

func letters(states []exchange.StatusState) string {
	var all strings.Builder
	for _, state := range states {
		all.WriteString(state.Code)
	}
	return all.String()
}

func joined(classes []exchange.Class) string {
	var all strings.Builder
	for _, class := range classes {
		all.WriteString(string(class))
	}
	return all.String()
}
