package row_test

import (
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func subject(t *testing.T) exchange.Subject {
	t.Helper()
	id, err := exchange.ParseIDNumber(number, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Subject{Name: "张三", IDNumber: id}
}

func TestCheckPerson(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		columns map[string]string
		subject exchange.Subject
		want    exchange.Code
	}{
		{"the same", columns(), subject(t), ""},
		{"a small x", columns("sfzmhm", "11010519491231002x"), subject(t), ""},
		{"another number", columns("sfzmhm", "440102198001010017"), subject(t), exchange.SourceInvalid},
		{"another number and name", columns("sfzmhm", "440102198001010017", "xm", "李四"), subject(t), exchange.SourceInvalid},
		{"no number", columns("sfzmhm", ""), subject(t), exchange.SourceInvalid},
		{"nobody asked for", columns("sfzmhm", ""), exchange.Subject{}, exchange.SourceInvalid},
	}
	for _, c := range cases {
		err := row.CheckPerson(row.Columns(c.columns), c.subject)
		if got := exchange.CodeOf(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), number) || strings.Contains(err.Error(), "张三")) {
			t.Errorf("%s: the text holds personal data", c.name)
		}
	}
}

func TestSightingChecksThePersonFirst(t *testing.T) {
	t.Parallel()
	request := exchange.SourceRequest{Subject: subject(t), Now: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}
	sighting, err := row.Sighting(columns(), request, time.Hour)
	if err != nil || sighting.Value.IDNumber != number || !sighting.AsOf.Equal(request.Now.Add(-time.Hour)) {
		t.Errorf("got %v at %v, error %v", sighting.Value.IDNumber, sighting.AsOf, err)
	}
	cases := []struct {
		columns map[string]string
		text    string
	}{
		{columns("sfzmhm", "440102198001010017", "ljjf", "-1"), "another person"},
		{columns("ljjf", "-1", "cd_time", "never"), "column ljjf"},
		{columns("cd_time", "never"), "column cd_time"},
	}
	for _, c := range cases {
		sighting, err := row.Sighting(c.columns, request, time.Hour)
		if exchange.CodeOf(err) != exchange.SourceInvalid || !strings.Contains(err.Error(), c.text) || sighting.Value.Name != "" {
			t.Errorf("want %s: got error %v", c.text, err)
		}
	}
}
