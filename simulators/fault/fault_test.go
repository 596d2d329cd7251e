package fault

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func mustSet(t *testing.T, switches *Switches, faults ...Fault) {
	t.Helper()
	for _, setting := range faults {
		if err := switches.Set(setting); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLimitsAndOperations(t *testing.T) {
	t.Parallel()
	var switches Switches
	mustSet(t, &switches,
		Fault{Kind: Cut, Times: 2},
		Fault{Kind: GBK, Operation: "02C06", Times: 1},
		Fault{Kind: Stale, Duration: time.Hour},
	)
	type seen struct{ cut, gbk, stale bool }
	for number, step := range []struct {
		operation string
		want      seen
	}{
		{"04C01", seen{cut: true, stale: true}},
		{"02C06", seen{cut: true, gbk: true, stale: true}},
		{"02C06", seen{stale: true}},
	} {
		plan := switches.Take(step.operation)
		if got := (seen{plan.Has(Cut), plan.Has(GBK), plan.Has(Stale)}); got != step.want {
			t.Errorf("call %d: %+v, want %+v", number, got, step.want)
		}
	}
	switches.Clear()
	if plan := switches.Take("02C06"); len(plan) != 0 {
		t.Errorf("after clearing: %v", plan)
	}
}

func TestSettingAgainReplaces(t *testing.T) {
	t.Parallel()
	var switches Switches
	mustSet(t, &switches, Fault{Kind: Delay, Duration: time.Second}, Fault{Kind: Delay, Duration: time.Minute})
	if active := switches.Active(); len(active) != 1 || active[0].Duration != time.Minute {
		t.Fatalf("active %v", active)
	}
	if got := switches.Take("").Duration(Delay); got != time.Minute {
		t.Fatalf("delay %v", got)
	}
}

func TestEveryKindCanBeSetAndSenselessOnesAreRefused(t *testing.T) {
	t.Parallel()
	for _, kind := range Kinds() {
		var switches Switches
		if err := switches.Set(Fault{Kind: kind, Duration: time.Second, Code: "1"}); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	for _, senseless := range []Fault{
		{}, {Kind: "earthquake"}, {Kind: Delay}, {Kind: Delay, Duration: -1}, {Kind: ClockSkew}, {Kind: Stale}, {Kind: Drip},
		{Kind: Business}, {Kind: Cut, Times: -1}, {Kind: Oversize, Size: -1},
	} {
		var switches Switches
		if err := switches.Set(senseless); err == nil {
			t.Errorf("%+v was set", senseless)
		}
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	text := []byte("<xm>顾志明</xm>")
	gbk := Plan{{Kind: GBK}}.Encode(text)
	if back, err := simplifiedchinese.GBK.NewDecoder().Bytes(gbk); err != nil || !bytes.Equal(back, text) || utf8.Valid(gbk) {
		t.Errorf("GBK %q %v", gbk, err)
	}
	if got := (Plan{{Kind: GBK}}).Encode([]byte("𠮷")); bytes.Contains(got, []byte("𠮷")) {
		t.Errorf("GBK holds a character that it lacks: %q", got)
	}
	if got := (Plan{}).Encode(text); !bytes.Equal(got, text) {
		t.Errorf("without a fault %q", got)
	}
}

func TestInvalidUTF8IsInvalid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(rapid.String().Draw(t, "text"))
		before := bytes.Clone(text)
		if broken := (Plan{{Kind: InvalidUTF8}}).Encode(text); utf8.Valid(broken) || !bytes.Equal(text, before) {
			t.Fatalf("%q became %q", before, broken)
		}
	})
}

func TestAnUnknownKindNamesTheKnownOnes(t *testing.T) {
	t.Parallel()
	var switches Switches
	err := switches.Set(Fault{Kind: "dealy"})
	for _, kind := range Kinds() {
		if err == nil || !strings.Contains(err.Error(), string(kind)) {
			t.Errorf("%v does not name %s", err, kind)
		}
	}
}
