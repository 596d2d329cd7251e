package app

import (
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console/playground"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// TestRecordedExamplesTellOfNobody: who writes policies sees what rules ask of a recorded request, and neither who asked nor about what.
func TestRecordedExamplesTellOfNobody(t *testing.T) {
	t.Parallel()
	in := impact.Input{
		ID: "0192f3a4-5b6c-7d8e-9f00-000000000001", At: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC), Operation: exchange.LicenceQuery,
		Platform: "suishenban", Region: "310000", SubjectAge: 40,
		Purpose: exchange.Purpose{
			Code: "self-query", Matter: "SECRET-1", MatterName: "SECRET-2", Case: "SECRET-3", Operator: "SECRET-4", Unit: "310000000000", UnitName: "SECRET-5",
		},
	}
	unkept, report := in, in
	unkept.Unkept, report.Operation = "not kept", exchange.ChangeReport
	var all examples
	if err := all.recorded([]impact.Input{unkept, report, in}); err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].Group != playground.Recorded || all[0].ID != "recorded-"+in.ID {
		t.Fatalf("%+v", all)
	}
	text := all[0].Name + all[0].Input
	if strings.Contains(text, "SECRET") || strings.Count(text, impact.Masked) != 5 || !strings.Contains(text, `"matterName"`) || !strings.Contains(text, "310000000000") {
		t.Error(text)
	}
}
