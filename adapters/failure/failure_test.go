package failure_test

import (
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/adapters/failure"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTableError(t *testing.T) {
	t.Parallel()
	table := failure.Table{"21": exchange.NoRecord}.With(failure.Table{"21": exchange.SourceRefused, "30": exchange.SourceRefused})
	for code, want := range map[string]exchange.Code{
		"21": exchange.NoRecord, "30": exchange.SourceRefused, "99": exchange.SourceDown, "": exchange.SourceDown,
	} {
		if got := exchange.CodeOf(table.Error(code)); got != want {
			t.Errorf("%q: %s, want %s", code, got, want)
		}
	}
	if !table.Knows("30") || table.Knows("99") {
		t.Error("the table doesn't know its own entries")
	}
	if got := exchange.CodeOf(failure.Table(nil).With(nil).Error("1")); got != exchange.SourceDown {
		t.Errorf("an empty table gives %s", got)
	}
}

func TestTableWithKeepsTheDefaults(t *testing.T) {
	t.Parallel()
	defaults := failure.Table{"21": exchange.SourceRefused}
	_ = failure.Table{"21": exchange.NoRecord}.With(defaults)
	if defaults["21"] != exchange.SourceRefused {
		t.Error("the defaults were changed")
	}
}

func TestTableValidate(t *testing.T) {
	t.Parallel()
	if err := (failure.Table{"10": exchange.RecordNotArchived, "11": exchange.IDDocumentExpired}).Validate("failures"); err != nil {
		t.Error(err)
	}
	for _, code := range []exchange.Code{"", "refused", exchange.Internal, exchange.PolicyRefused} {
		err := failure.Table{"10": exchange.SourceDown, "20": code}.Validate("irs.failures")
		if err == nil || !strings.Contains(err.Error(), "irs.failures.20") {
			t.Errorf("%q: error %v", code, err)
		}
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"00", "400001", "E-106", "C-USER-SSO-TICKET-INVALID"} {
		if got := failure.Shown(code); got != code {
			t.Errorf("%q is shown as %q", code, got)
		}
	}
	for _, code := range []string{"", "11010519491231002X", "13800000000", "张三", "a b", strings.Repeat("A", 33)} {
		if got := failure.Shown(code); got != "(not shown)" {
			t.Errorf("%q is shown as %q", code, got)
		}
	}
}
