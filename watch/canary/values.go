package canary

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Verdict is the field of a population register's answer ([exchange.IdentityVerdict]).
const Verdict = "verdict"

// Fields lists what may be expected of a canary's licence, in the contract's names: dates as 2006-01-02, truth as true or false,
// classes one behind the other such as C1D, a status as its letters in any order. [Verdict] is for registers.
func Fields() []string {
	return append(slices.Sorted(maps.Keys(valuesOf(&exchange.Licence{}))), Verdict)
}

// valuesOf gives a licence's values as texts; what the source does not say is empty.
func valuesOf(l *exchange.Licence) map[string]string {
	return map[string]string{
		"status": letters(l.Status), "mayDrive": string(l.Status.MayDrive()), "classes": classes(l.Classes), "points": number(l.Points),
		"cycleEnd": date(l.CycleEnd), "firstIssued": date(l.FirstIssued), "issuedOn": date(l.IssuedOn), "validUntil": date(l.ValidUntil),
		"longTerm": strconv.FormatBool(l.LongTerm), "replacements": number(l.Replacements),
	}
}

// letters gives a status in one order.
func letters(status exchange.StatusSet) string {
	sorted := status.Letters()
	slices.Sort(sorted)
	return string(sorted)
}

func classes(list []exchange.Class) string {
	var text strings.Builder
	for _, class := range list {
		text.WriteString(string(class))
	}
	return text.String()
}

func number(value *int) string {
	if value == nil {
		return ""
	}
	return strconv.Itoa(*value)
}

func date(value exchange.Date) string {
	if value.IsZero() {
		return ""
	}
	return value.String()
}

// Expect is what a canary's values are to be, by field.
type Expect map[string]string

// first names the first field, by name, whose value is another one; "" if all are right.
func (e Expect) first(got map[string]string) string {
	for _, field := range slices.Sorted(maps.Keys(e)) {
		want := e[field]
		if field == "status" {
			want = letters(exchange.ParseStatus(want))
		}
		if got[field] != want {
			return field
		}
	}
	return ""
}
