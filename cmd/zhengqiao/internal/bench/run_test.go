package bench

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func options(t *testing.T) Options {
	t.Helper()
	return Options{
		Self: []string{os.Args[0]}, Dir: t.TempDir(), Duration: 500 * time.Millisecond, Connections: 2, Rate: 50,
		Profile: filepath.Join(t.TempDir(), "cpu.prof"), Progress: t.Logf,
	}
}

// A whole run with real processes: every mode was measured, what the whole path answered was proved, and nothing is left.
func TestRun(t *testing.T) {
	t.Parallel()
	o := options(t)
	report, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for i, mode := range []Mode{Proxy, Bare, Whole} {
		got := report.Results[i]
		if got.Mode != mode || got.Requests == 0 || got.PerSecond <= 0 || got.P50 <= 0 || got.P99 < got.P50 || got.CPU <= 0 || len(got.Rounds) != rounds || got.CPURatio <= 0 || got.PeakBytes <= 0 || got.Allocs < 1 || got.AllocBytes < got.Allocs {
			t.Errorf("%s: %+v", mode, got)
		}
	}
	if report.Results[0].CPURatio != 1 || report.Results[0].Verified != 0 || report.Results[2].Verified == 0 {
		t.Errorf("the proxy's ratio is %v, %d of its answers were verified and %d of the gateway's", report.Results[0].CPURatio, report.Results[0].Verified, report.Results[2].Verified)
	}
	if len(report.Paced) != 2 || report.Paced[0].Requests != 25 || report.Paced[1].Requests != 25 || report.Paced[1].Mode != Whole {
		t.Errorf("want 25 requests of proxy and whole path at 50/s in 0.5 s: %+v", report.Paced)
	}
	if report.SourceBytes < 1500 || report.RequestBytes < 500 {
		t.Errorf("a request of %d bytes and a reply of %d are not what the platforms send", report.RequestBytes, report.SourceBytes)
	}
	checkLeft(t, o)
}

func checkLeft(t *testing.T, o Options) {
	t.Helper()
	if left, err := os.ReadDir(o.Dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if profile, err := os.ReadFile(o.Profile); err != nil || !bytes.HasPrefix(profile, []byte{0x1f, 0x8b}) {
		t.Errorf("the profile is not there, or not gzip: %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Options){
		"no program":       func(o *Options) { o.Self = nil },
		"no duration":      func(o *Options) { o.Duration = 0 },
		"long":             func(o *Options) { o.Duration = time.Minute },
		"no connections":   func(o *Options) { o.Connections = 0 },
		"many connections": func(o *Options) { o.Connections = 1000 },
		"no rate":          func(o *Options) { o.Rate = 0 },
		"no such child":    func(o *Options) { o.Self = []string{filepath.Join(o.Dir, "nothing")} },
		"a child that ends": func(o *Options) {
			o.Self = []string{os.Args[0], "gateway", "--mode", "none", "--dir"} // then: source
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t)
			spoil(&o)
			if report, err := Run(t.Context(), o); err == nil {
				t.Errorf("measured %+v", report)
			}
		})
	}
}

func sampleReport() *Report {
	r := &Report{
		System: "linux/amd64, go1.26.8", Processors: 2, LoadBefore: "0.10", LoadAfter: "1.90", Connections: 32, RequestBytes: 884, SourceBytes: 2318,
		Results: []Result{
			{Mode: Proxy, Requests: 1000, PerSecond: 9000, P50: 3000, P99: 9000, CPU: 100, Rounds: []float64{90, 100, 110}, PeakBytes: 30e6, ReadyMillis: 20},
			{Mode: Whole, Requests: 500, PerSecond: 4000, P50: 6000, P99: 19000, CPU: 250, Rounds: []float64{180, 400, 275}, PeakBytes: 151e6, ReadyMillis: 1000, Verified: 5},
		},
		Paced: []Paced{{Mode: Proxy, Rate: 1000, Requests: 10, P50: 200, P99: 1500, CPU: 120}, {Mode: Whole, Rate: 1000, Requests: 10, P50: 700, P99: 4000, CPU: 300}},
	}
	r.conclude()
	return r
}

func TestReportComparesWithTheProxy(t *testing.T) {
	t.Parallel()
	r := sampleReport()
	if whole := r.result(Whole); whole.CPURatio != 2.5 || whole.RatioRange != [2]float64{2, 4} || r.result(Proxy).CPURatio != 1 {
		t.Errorf("ratios: %+v", r.Results)
	}
	if r.paced(Whole).AddedP99 != 2500 || r.paced(Proxy).AddedP99 != 0 {
		t.Errorf("added p99: %+v", r.Paced)
	}
	met := map[string]bool{}
	for _, target := range r.Targets {
		met[target.Name] = target.Met
	}
	for name, want := range map[string]bool{
		"CPU of the whole path, µs/request": true, "whole path, requests/s": false,
		"added latency p99 at the fixed rate, ms": true, "start to ready, s": true, "peak memory under load, MB": false,
	} {
		if got, told := met[name]; got != want || !told {
			t.Errorf("%s: met %v, want %v (told: %v)", name, got, want, told)
		}
	}
}

func TestReportIsWritten(t *testing.T) {
	t.Parallel()
	r := sampleReport()
	var table, text bytes.Buffer
	if err := r.Table(&table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"(a) Echo reverse proxy", "2.50  2.00 … 4.00", "+2.50", "5 of 500", "want ≥ 4500  got 4000.0  MISSED", "want ≤ 300   got 250.0\n"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("no %q in\n%s", want, table.String())
		}
	}
	if err := r.JSON(&text); err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(text.Bytes(), &back); err != nil || !reflect.DeepEqual(back.result(Whole), r.result(Whole)) {
		t.Errorf("%v: %+v", err, back)
	}
}
