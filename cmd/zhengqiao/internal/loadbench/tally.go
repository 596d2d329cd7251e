package loadbench

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// answer is what came back to one request.
type answer struct {
	status int
	header http.Header
	took   time.Duration // since the moment at which the request was due
}

// tally counts the answers to one or more callers.
type tally struct {
	mu   sync.Mutex
	took []time.Duration // of those with 200
	sums Sums
}

// Sums are what became of requests.
type Sums struct {
	Asked      int `json:"asked"`
	Answered   int `json:"answered"`   // 200
	Quota      int `json:"quota"`      // 429: over the platform's own quota
	Overloaded int `json:"overloaded"` // 503: no place at the gateway or at the source
	Others     int `json:"others"`     // any other status
	Lost       int `json:"lost"`       // no answer
	// Untold are refusals (429, 503) that did not say when to come again (Retry-After) and how the platform stands (RateLimit).
	Untold int `json:"untold"`
}

func (t *tally) add(a answer, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sums.Asked++
	switch {
	case err != nil:
		t.sums.Lost++
	case a.status == http.StatusOK:
		t.sums.Answered++
		t.took = append(t.took, a.took)
	case a.status == http.StatusTooManyRequests:
		t.sums.Quota++
	case a.status == http.StatusServiceUnavailable:
		t.sums.Overloaded++
	default:
		t.sums.Others++
	}
	if a.refused() && !a.told() {
		t.sums.Untold++
	}
}

func (a answer) refused() bool {
	return a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable
}

func (a answer) told() bool {
	return a.header.Get("Retry-After") != "" && a.header.Get("RateLimit") != "" && a.header.Get("RateLimit-Policy") != ""
}

// latency sums up. It may be asked when nothing is counted any more.
func (t *tally) latency() Latency {
	slices.Sort(t.took)
	return Latency{Sums: t.sums, P50: t.percentile(.5), P99: t.percentile(.99)}
}

// percentile gives the time in ms within which a share of the requests was answered.
func (t *tally) percentile(share float64) float64 {
	if len(t.took) == 0 {
		return 0
	}
	at := t.took[min(len(t.took)-1, int(share*float64(len(t.took))))]
	return float64(at.Microseconds()) / 1000
}
