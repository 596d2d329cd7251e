package row_test

import (
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func subject(t *testing.T, name, file string) exchange.Subject {
	t.Helper()
	id, err := exchange.ParseIDNumber(number, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Subject{Name: name, IDNumber: id, FileNumber: file}
}

func TestCheckPerson(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		columns map[string]string
		subject exchange.Subject
		want    exchange.Code
	}{
		{"the same", columns(), subject(t, "张三", ""), ""},
		{"a small x", columns("sfzmhm", "11010519491231002x"), subject(t, "张三", ""), ""},
		{"the same file", columns(), subject(t, "张三", "310000123456"), ""},
		{"no file in the row", columns("dabh", ""), subject(t, "张三", "310000123456"), ""},
		{"another dot", columns("xm", "阿依古丽•买买提"), subject(t, "阿依古丽·买买提", ""), ""},
		{"another number", columns("sfzmhm", "440102198001010017"), subject(t, "张三", ""), exchange.SourceInvalid},
		{"another number and name", columns("sfzmhm", "440102198001010017", "xm", "李四"), subject(t, "张三", ""), exchange.SourceInvalid},
		{"no number", columns("sfzmhm", ""), subject(t, "张三", ""), exchange.SourceInvalid},
		{"nobody asked for", columns("sfzmhm", ""), exchange.Subject{}, exchange.SourceInvalid},
		{"another name", columns("xm", "李四"), subject(t, "张三", ""), exchange.IdentityMismatch},
		{"another file", columns(), subject(t, "张三", "310000999999"), exchange.IdentityMismatch},
	}
	for _, c := range cases {
		err := row.CheckPerson(c.columns, c.subject)
		if got := exchange.CodeOf(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), number) || strings.Contains(err.Error(), "张三")) {
			t.Errorf("%s: the text holds personal data", c.name)
		}
	}
}
