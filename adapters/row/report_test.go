package row_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const personal = "11010519491231002X"

func changed(changes ...string) map[string]string {
	columns := map[string]string{
		"sfzmhm": personal, "xm": "沈嘉宁", "dabh": "310100000001", "glbm": "330000000400", "gxsj": "2026-11-24 08:59:00", "zt": "BDJ",
		"zjcx": "A2C1", "yxqz": "2030-06-30", "zxbh": "3101000000042", "bzcs": "1", "fzrq": "2026-11-24", "ljjf": "0", "qfrq": "2027-03-14",
	}
	for i := 0; i < len(changes); i += 2 {
		columns[changes[i]] = changes[i+1]
	}
	return columns
}

func TestReports(t *testing.T) {
	t.Parallel()
	reports, broken := row.Reports([]row.Arrival{{7, changed()}}, "suihaoban", "440000", happened)
	if len(broken) != 0 || len(reports) != 1 {
		t.Fatalf("reports %v, broken %v", reports, broken)
	}
	r := reports[0]
	if r.ID != "7" || r.Reporter != "suihaoban" || r.Region != "330000" || r.Sequence != 7 || r.Subject.IDNumber.Reveal() != personal ||
		r.Subject.Name != "沈嘉宁" || r.Subject.FileNumber != "310100000001" || !r.Learned.Equal(happened) ||
		!r.Happened.Equal(happened.Add(-time.Minute)) || r.Licence != "" || r.Rank != exchange.RankNone {
		t.Errorf("report %+v", r)
	}
	facts, err := json.Marshal(r.Facts)
	want := `{"status":"BDJ","classes":["A2","C1"],"validUntil":"2030-06-30","longTerm":false,"cardNumber":"3101000000042",` +
		`"replacements":1,"issuedOn":"2026-11-24","points":0,"cycleEnd":"2027-03-14"}`
	if err != nil || string(facts) != want {
		t.Errorf("facts %s, error %v\nwant  %s", facts, err, want)
	}
}

func TestReportsOfFewColumns(t *testing.T) {
	t.Parallel()
	columns := map[string]string{"sfzmhm": strings.ToLower(personal), "gxsj": "2026-11-24 08:59:00", "ljjf": "3", "cd_operation": "I"}
	reports, broken := row.Reports([]row.Arrival{{7, columns}}, "suihaoban", "440000", happened)
	if len(broken) != 0 || len(reports) != 1 || reports[0].Region != "440000" || len(reports[0].Facts.Said()) != 1 || *reports[0].Facts.Points != 3 {
		t.Errorf("reports %+v, broken %v", reports, broken)
	}
	columns = map[string]string{"sfzmhm": personal, "gxsj": "2026-11-24 08:59:00", "yxqz": "9999-12-31"}
	if reports, _ = row.Reports([]row.Arrival{{8, columns}}, "suihaoban", "440000", happened); !*reports[0].Facts.LongTerm {
		t.Errorf("facts %+v", reports[0].Facts)
	}
}

func TestBrokenRowsDoNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	silent := map[string]string{"sfzmhm": personal, "gxsj": "2026-11-24 08:59:00"}
	cases := []struct {
		arrival row.Arrival
		reason  string
	}{
		{row.Arrival{Number: 1, Columns: changed("sfzmhm", "110105194912310021")}, "sfzmhm"},
		{row.Arrival{Number: 2, Columns: changed("sfzmhm", "")}, "sfzmhm"},
		{row.Arrival{Number: 3, Columns: changed("gxsj", "")}, "gxsj"},
		{row.Arrival{Number: 4, Columns: changed("gxsj", "yesterday")}, "gxsj"},
		{row.Arrival{Number: 5, Columns: changed("zjcx", "A2Q9")}, "zjcx"},
		{row.Arrival{Number: 6, Columns: changed("ljjf", "-1")}, "ljjf"},
		{row.Arrival{Number: 7, Columns: changed("yxqz", "2030-02-31")}, "yxqz"},
		{row.Arrival{Number: 8, Columns: changed("glbm", "990000000400")}, "glbm"},
		{row.Arrival{Number: 9, Columns: changed("glbm", "3")}, "glbm"},
		{row.Arrival{Number: 10, Columns: changed("cd_operation", "d")}, "cd_operation"},
		{row.Arrival{Number: 11, Columns: silent}, "nothing"},
		{row.Arrival{Number: 12}, "sfzmhm"},
		{row.Arrival{Number: 0, Columns: changed()}, "number"},
		{row.Arrival{Number: 99, Columns: changed()}, "number"}, // again
	}
	arrivals := []row.Arrival{{99, changed()}}
	for _, c := range cases {
		arrivals = append(arrivals, c.arrival)
	}
	arrivals = append(arrivals, row.Arrival{Number: 100, Columns: changed()})
	reports, broken := row.Reports(arrivals, "suihaoban", "440000", happened)
	if len(reports) != 2 || reports[0].Sequence != 99 || reports[1].Sequence != 100 || len(broken) != len(cases) {
		t.Fatalf("%d reports, broken %v", len(reports), broken)
	}
	for i, c := range cases {
		if broken[i].Number != c.arrival.Number || !strings.Contains(broken[i].Reason, c.reason) {
			t.Errorf("row %d: %+v, want a reason with %s", c.arrival.Number, broken[i], c.reason)
		}
		for _, value := range c.arrival.Columns {
			if len(value) > 3 && strings.Contains(broken[i].Reason, value) {
				t.Errorf("row %d: the reason repeats a value", c.arrival.Number)
			}
		}
	}
}

func TestReportsChangeNothingGiven(t *testing.T) {
	t.Parallel()
	columns := changed()
	row.Reports([]row.Arrival{{7, columns}}, "suihaoban", "440000", happened)
	if !maps.Equal(columns, changed()) {
		t.Errorf("changed to %v", columns)
	}
}

func FuzzReports(f *testing.F) {
	f.Add(personal, "2026-11-24 08:59:00", "BDJ", "A2C1", "长期", "1", "310000000400")
	f.Add("", "", "", "", "", "", "")
	f.Add(personal, "0000-00-00 00:00:00", "\xff", "A", "0001-01-01", "99999999999999999999", "3")
	f.Fuzz(func(t *testing.T, id, at, zt, zjcx, yxqz, bzcs, glbm string) {
		columns := changed("sfzmhm", id, "gxsj", at, "zt", zt, "zjcx", zjcx, "yxqz", yxqz, "bzcs", bzcs, "glbm", glbm)
		reports, broken := row.Reports([]row.Arrival{{1, columns}}, "r", "440000", happened)
		if len(reports)+len(broken) != 1 {
			t.Fatalf("%d reports and %d broken rows of one", len(reports), len(broken))
		}
		if len(reports) == 1 && (reports[0].Subject.IDNumber.IsZero() || reports[0].Happened.IsZero() || !reports[0].Region.Provincial()) {
			t.Fatalf("report %+v", reports[0])
		}
	})
}
