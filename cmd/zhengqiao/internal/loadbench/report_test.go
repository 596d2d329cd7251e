package loadbench

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

var told = http.Header{"Retry-After": {"1"}, "Ratelimit": {"x"}, "Ratelimit-Policy": {"x"}}

func TestTallyCounts(t *testing.T) {
	t.Parallel()
	var all tally
	for i := range 200 {
		all.add(answer{200, nil, time.Duration(i) * time.Millisecond}, nil)
	}
	all.add(answer{429, told, time.Hour}, nil)
	all.add(answer{429, http.Header{"Retry-After": {"1"}}, time.Hour}, nil)
	all.add(answer{503, told, time.Hour}, nil)
	all.add(answer{502, nil, time.Hour}, nil)
	all.add(answer{}, errors.New("hung up"))
	want := Latency{Sums{Asked: 205, Answered: 200, Quota: 2, Overloaded: 1, Others: 1, Lost: 1, Untold: 1}, 100, 198}
	if got := all.latency(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := (&tally{}).latency(); got != (Latency{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

// The promise is about the steady platforms: their p99 may grow by a tenth, and none of their requests may fail.
func TestReportIsHeldToThePromise(t *testing.T) {
	t.Parallel()
	good := Report{Rate: 50, Quota: 20, Alone: Latency{Sums{Asked: 100, Answered: 100}, 2, 10}, Beside: Latency{Sums{Asked: 100, Answered: 100}, 2.1, 10.9}}
	for name, c := range map[string]struct {
		spoil  func(*Report)
		missed int
	}{
		"as promised":         {func(*Report) {}, 0},
		"slower":              {func(r *Report) { r.Beside.P99 = 11.2 }, 1},
		"one that failed":     {func(r *Report) { r.Beside.Answered-- }, 1},
		"nothing but refused": {func(r *Report) { r.Beside = Latency{Sums: Sums{Asked: 100, Quota: 100}} }, 2},
		"not told":            {func(r *Report) { r.Greedy.Untold = 3 }, 1},
	} {
		r := good
		c.spoil(&r)
		r.judge()
		var table, text bytes.Buffer
		if err := errors.Join(r.Table(&table), r.JSON(&text)); err != nil {
			t.Fatal(err)
		}
		if missed := strings.Count(table.String(), "MISSED"); missed != c.missed || !json.Valid(text.Bytes()) {
			t.Errorf("%s: %d targets missed, want %d\n%s", name, missed, c.missed, table.String())
		}
	}
}
