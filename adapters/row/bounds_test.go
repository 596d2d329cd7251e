package row_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/row"
)

// What the contract's reports may not say, a row may not say either; each broken row is named by its column, the others go on.
func TestRowsAreBoundLikeReports(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, value string }{
		{"zt", "停"}, {"zt", "A1"}, {"zt", "BDB"}, {"zt", "bB"}, {"zt", "A\x00"}, {"zt", "ſ"}, {"zt", "ı"}, {"zt", "B;D"}, {"zt", "\xff"},
		{"zt", strings.Repeat("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2)},
		{"zxbh", strings.Repeat("1", 33)}, {"zxbh", "31010\t00042"}, {"zxbh", "3101-42"}, {"zxbh", "驾0042"}, {"zxbh", "31010\u202e0042"},
		{"zxbh", personal}, {"zxbh", strings.ToLower(personal)}, {"zxbh", "77" + personal + "4"}, {"zxbh", "A110105491231002"},
		{"dabh", "31010000001"}, {"dabh", "3101000000001"}, {"dabh", "31010000000A"}, {"dabh", "３１０１"}, {"dabh", personal},
		{"xm", strings.Repeat("沈", 65)}, {"xm", "沈\n宁"}, {"xm", "沈\u0085宁"}, {"xm", "沈\ufffd"}, {"xm", "沈\xff宁"}, {"xm", "沈" + personal},
		{"xm", "沈１１０１０５４９１２３１００２"}, {"xm", "沈110105 491231-002"}, {"xm", "沈⑪0105 1949-1231·002X"},
		{"gxsj", "1899-12-31 23:59:59"}, {"gxsj", "0001-01-01 00:00:00"}, {"gxsj", "9999-12-31 00:00:00"},
		{"zjcx", "A2C1A2"}, {"zjcx", strings.Repeat("C1", 10000)}, {"bzcs", "1000"}, {"ljjf", "1000"},
	} {
		arrivals := []row.Arrival{{1, changed()}, {2, changed(c.column, c.value)}, {3, changed()}}
		reports, broken := row.Reports(arrivals, "suihaoban", "440000", happened)
		if len(reports) != 2 || len(broken) != 1 || broken[0].Number != 2 || !strings.HasPrefix(broken[0].Reason, "column "+c.column+": ") {
			t.Errorf("%s %.40q: %d reports, broken %v", c.column, c.value, len(reports), broken)
			continue
		}
		if len(c.value) > 2 && strings.Contains(broken[0].Reason, c.value) {
			t.Errorf("%s %.40q: the reason repeats the value", c.column, c.value)
		}
	}
}

func TestRowsAtTheBounds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, value string }{
		{"zt", "ZYXWVUTSRQPONMLKJIHGFEDCBA"}, {"zt", "b, d"}, {"zt", ""}, {"zxbh", strings.Repeat("z", 32)}, {"zxbh", ""},
		{"zxbh", "110105491331002"}, {"zxbh", "990105491231002"}, {"zxbh", "1101054912310021"}, {"zxbh", "110105194912310021"}, // no ID numbers
		{"dabh", ""}, {"dabh", "000000000000"}, {"xm", ""}, {"xm", strings.Repeat("沈", 64)}, {"xm", "买买提·吐尔逊"}, {"xm", "Henry VIII 8"},
		{"gxsj", "1900-01-01 08:30:00"}, {"zjcx", "A1A2A3B1B2C1C2C3C4C5C6DEFMNP"}, {"bzcs", "999"}, {"ljjf", "999"},
	} {
		reports, broken := row.Reports([]row.Arrival{{1<<53 - 1, changed(c.column, c.value)}}, "suihaoban", "440000", happened)
		if len(reports) != 1 {
			t.Errorf("%s %q: broken %v", c.column, c.value, broken)
		}
	}
}

func TestRowNumbersAreThoseThatEveryJSONReaderKeeps(t *testing.T) {
	t.Parallel()
	reports, broken := row.Reports([]row.Arrival{{1 << 53, changed()}, {4, changed()}}, "suihaoban", "440000", happened)
	if len(reports) != 1 || reports[0].Sequence != 4 || !slices.Equal(broken, []row.Broken{{1 << 53, "the row's number is above 9007199254740991"}}) {
		t.Errorf("reports %v, broken %v", reports, broken)
	}
}
