package loadbench

import (
	"runtime"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/bench"
)

// Report is what one run measured.
type Report struct {
	System     string    `json:"system"` // such as linux/amd64, go1.26.8
	Processors int       `json:"processors"`
	LoadBefore string    `json:"loadBefore,omitempty"` // the machine's load average over a minute
	LoadAfter  string    `json:"loadAfter,omitempty"`
	At         time.Time `json:"at"`
	Rate       int       `json:"rate"`  // requests/s of each steady platform, and to the slow source
	Quota      int       `json:"quota"` // requests/s that the greedy platform may ask; it asks ten times as many

	Alone     Latency `json:"alone"`     // the steady platforms by themselves
	Beside    Latency `json:"beside"`    // the same beside the trouble
	GrowthP50 float64 `json:"growthP50"` // from alone to beside, in percent
	GrowthP99 float64 `json:"growthP99"`
	Greedy    Latency `json:"greedy"`
	Slow      Latency `json:"slow"` // who asks the slow source

	Targets []bench.Target `json:"targets"`
}

// Latency is what became of requests, and how long those took that were answered by 200.
type Latency struct {
	Sums
	P50 float64 `json:"p50Millis"`
	P99 float64 `json:"p99Millis"`
}

func newReport(o Options) *Report {
	return &Report{
		System: runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version(), Processors: runtime.NumCPU(),
		LoadBefore: bench.LoadAverage(), At: time.Now().UTC().Truncate(time.Second), Rate: o.Rate, Quota: o.Quota,
	}
}

// conclude puts the figures into the report.
func (m *measure) conclude() {
	m.report.LoadAfter = bench.LoadAverage()
	m.report.Alone, m.report.Beside = m.alone.latency(), m.beside.latency()
	m.report.Greedy, m.report.Slow = m.overdone.latency(), m.waited.latency()
	m.report.judge()
}

// judge compares, and holds the figures to what is promised.
func (r *Report) judge() {
	r.GrowthP50, r.GrowthP99 = growth(r.Alone.P50, r.Beside.P50), growth(r.Alone.P99, r.Beside.P99)
	untold := r.Alone.Untold + r.Beside.Untold + r.Greedy.Untold + r.Slow.Untold
	r.Targets = []bench.Target{
		{Name: "p99 of the steady platforms grows by, %", Want: "≤ 10", Got: r.GrowthP99, Met: r.Beside.Answered > 0 && r.GrowthP99 <= 10},
		none("requests of theirs that were not answered", r.Alone.failed()+r.Beside.failed()),
		none("refusals without Retry-After and RateLimit", untold),
	}
}

func none(name string, got int) bench.Target {
	return bench.Target{Name: name, Want: "= 0", Got: float64(got), Met: got == 0}
}

func (l Latency) failed() int { return l.Asked - l.Answered }

// growth is in percent; 0 where there was nothing to grow from.
func growth(from, to float64) float64 {
	if from == 0 {
		return 0
	}
	return (to/from - 1) * 100
}
