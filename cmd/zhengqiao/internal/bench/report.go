package bench

import (
	"runtime"
	"slices"
	"time"
)

// Report is what one run measured. Times are in microseconds, sizes in bytes.
type Report struct {
	System       string    `json:"system"` // such as linux/amd64, go1.26.8
	Processors   int       `json:"processors"`
	LoadBefore   string    `json:"loadBefore,omitempty"` // the machine's load average over a minute
	LoadAfter    string    `json:"loadAfter,omitempty"`
	Connections  int       `json:"connections"`
	RequestBytes int       `json:"requestBytes"`
	SourceBytes  int       `json:"sourceBytes"` // of the source's reply
	Results      []Result  `json:"results"`     // as fast as it goes
	Paced        []Paced   `json:"paced"`       // at a fixed rate
	Targets      []Target  `json:"targets"`
	At           time.Time `json:"at"`
}

// Result is one mode under as much load as it takes.
type Result struct {
	Mode      Mode    `json:"mode"`
	Requests  int     `json:"requests"`
	PerSecond float64 `json:"perSecond"`
	P50       int64   `json:"p50"`
	P99       int64   `json:"p99"`
	CPU       float64 `json:"cpu"` // of the measured process, per request
	// CPURatio compares with the proxy: the median of all rounds, each of which had both, and the lowest and the highest.
	CPURatio   float64    `json:"cpuRatio"`
	RatioRange [2]float64 `json:"ratioRange"`
	Rounds     []float64  `json:"rounds"` // CPU in each round
	// AllocBytes and Allocs are of the heap and per request. They say what changed in the code, whatever else the machine does.
	AllocBytes  float64 `json:"allocBytes"`
	Allocs      float64 `json:"allocs"`
	PeakBytes   int64   `json:"peakBytes"`
	ReadyMillis int64   `json:"readyMillis"` // from the process's start
	Verified    int     `json:"verified"`    // answers whose signature and receipt were checked
}

// Paced is one mode at a fixed rate of requests, timed from the moment at which each was due.
type Paced struct {
	Mode     Mode    `json:"mode"`
	Rate     int     `json:"rate"`
	Requests int     `json:"requests"`
	P50      int64   `json:"p50"`
	P99      int64   `json:"p99"`
	AddedP99 int64   `json:"addedP99"` // over the proxy
	CPU      float64 `json:"cpu"`
	Verified int     `json:"verified"`
}

// Target is one promise of the project and what came out. It is shown, and fails nothing: what else a machine does is not the
// gateway's.
type Target struct {
	Name string  `json:"name"`
	Want string  `json:"want"`
	Got  float64 `json:"got"`
	Met  bool    `json:"met"`
}

func newReport(connections int) *Report {
	return &Report{
		System: runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version(), Processors: runtime.NumCPU(),
		LoadBefore: loadAverage(), Connections: connections, At: time.Now().UTC().Truncate(time.Second),
	}
}

func (r *Report) result(mode Mode) Result {
	for _, result := range r.Results {
		if result.Mode == mode {
			return result
		}
	}
	return Result{}
}

func (r *Report) paced(mode Mode) Paced {
	for _, paced := range r.Paced {
		if paced.Mode == mode {
			return paced
		}
	}
	return Paced{}
}

// conclude derives what compares the modes.
func (r *Report) conclude() {
	r.LoadAfter = loadAverage()
	base := r.result(Proxy).Rounds
	for i := range r.Results {
		r.Results[i].compare(base)
	}
	for i := range r.Paced {
		r.Paced[i].AddedP99 = r.Paced[i].P99 - r.paced(Proxy).P99
	}
	r.judge()
}

// compare sets the ratios, round by round.
func (r *Result) compare(base []float64) {
	var ratios []float64
	for i, cpu := range r.Rounds {
		ratios = append(ratios, cpu/base[i])
	}
	slices.Sort(ratios)
	r.CPURatio, r.RatioRange = ratios[len(ratios)/2], [2]float64{ratios[0], ratios[len(ratios)-1]}
}

// judge holds the whole path to the project's targets.
func (r *Report) judge() {
	whole, paced := r.result(Whole), r.paced(Whole)
	r.Targets = []Target{
		atMost("CPU of the whole path, µs/request", 300, whole.CPU),
		atLeast("whole path, requests/s", 4500, whole.PerSecond),
		atMost("added latency p99 at the fixed rate, ms", 5, float64(paced.AddedP99)/1000),
		atMost("start to ready, s", 2, float64(whole.ReadyMillis)/1000),
		atMost("peak memory under load, MB", 150, float64(whole.PeakBytes)/1e6),
	}
}
