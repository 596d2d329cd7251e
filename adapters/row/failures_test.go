package row_test

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestFailuresError(t *testing.T) {
	t.Parallel()
	table := row.Failures{"21": exchange.NoRecord}.With(row.Failures{"21": exchange.SourceRefused, "30": exchange.SourceRefused})
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
	if got := exchange.CodeOf(row.Failures(nil).With(nil).Error("1")); got != exchange.SourceDown {
		t.Errorf("an empty table gives %s", got)
	}
}

func TestFailuresWithKeepsTheDefaults(t *testing.T) {
	t.Parallel()
	defaults := row.Failures{"21": exchange.SourceRefused}
	_ = row.Failures{"21": exchange.NoRecord}.With(defaults)
	if defaults["21"] != exchange.SourceRefused {
		t.Error("the defaults were changed")
	}
}

func TestFailuresValidate(t *testing.T) {
	t.Parallel()
	if err := (row.Failures{"10": exchange.RecordNotArchived, "11": exchange.IDDocumentExpired}).Validate("failures"); err != nil {
		t.Error(err)
	}
	for _, code := range []exchange.Code{"", "refused", exchange.Internal, exchange.PolicyRefused} {
		err := row.Failures{"10": exchange.SourceDown, "20": code}.Validate("irs.failures")
		if err == nil || !strings.Contains(err.Error(), "irs.failures.20") {
			t.Errorf("%q: error %v", code, err)
		}
	}
}

func TestFailuresShowOnlyWhatLooksLikeACode(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"00", "400001", "E-106", "C-USER-SSO-TICKET-INVALID"} {
		if text := row.Failures(nil).Error(code).Error(); !strings.Contains(text, code) {
			t.Errorf("%q is not in %q", code, text)
		}
	}
	for _, code := range []string{"11010519491231002X", "13800000000", "张三", "a b", strings.Repeat("A", 33)} {
		if text := row.Failures(nil).Error(code).Error(); strings.Contains(text, code) {
			t.Errorf("%q is in %q", code, text)
		}
	}
}
