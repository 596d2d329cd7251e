package gateway_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

const hour, day = time.Hour, 24 * time.Hour

func quota(of exchange.Counted, most int, per time.Duration) exchange.Quota {
	return exchange.Quota{Of: of, Most: most, Per: per, Reason: exchange.Reason{Code: "quota_of_purpose_spent"}}
}

func person(i int) string { return fmt.Sprintf("%064x", i+1)[32:] + strings.Repeat("0", 32) }

// TestPurposeQuotas: each step is one query and what becomes of it. 09:30 in China at the start.
func TestPurposeQuotas(t *testing.T) {
	t.Parallel()
	q := gateway.NewPurposeQuotas()
	quotas := []exchange.Quota{quota(exchange.CountedRequests, 3, hour), quota(exchange.CountedSubjects, 2, day)}
	for i, step := range []struct {
		platform, purpose string
		person            int
		after             time.Duration
		spent             exchange.Counted // "": counted
		again             time.Duration
	}{
		{"a", "x", 1, 0, "", 0},
		{"a", "x", 2, 0, "", 0},
		{"a", "x", 3, 0, exchange.CountedSubjects, 14*hour + 30*time.Minute},
		{"a", "x", 1, time.Minute, "", 0}, // the refused one was not counted as a request
		{"a", "x", 1, 2 * time.Minute, exchange.CountedRequests, 28 * time.Minute},
		{"b", "x", 3, 2 * time.Minute, "", 0},
		{"a", "y", 3, 2 * time.Minute, "", 0},
		{"a", "x", 1, 30 * time.Minute, "", 0}, // ten o'clock
		{"a", "x", 3, 30 * time.Minute, exchange.CountedSubjects, 14 * hour},
		{"a", "x", 3, 14*hour + 30*time.Minute, "", 0}, // midnight in China
		{"a", "x", 4, 14*hour + 29*time.Minute, "", 0}, // came before midnight, is counted after: the new day has room
	} {
		spent, again := q.Count(exchange.Use{Platform: step.platform, Purpose: step.purpose, Subject: person(step.person), At: testNow().Add(step.after)}, quotas)
		if (spent == nil) != (step.spent == "") || spent != nil && spent.Of != step.spent || again != step.again {
			t.Errorf("step %d: %v again after %v, want %q after %v", i, spent, again, step.spent, step.again)
		}
	}
}

// A clock that ran ahead for a moment refuses nobody for longer than the window takes.
func TestPurposeQuotasAfterAClockRanAhead(t *testing.T) {
	t.Parallel()
	q, once := gateway.NewPurposeQuotas(), []exchange.Quota{quota(exchange.CountedRequests, 1, hour)}
	for i, after := range []time.Duration{365 * day, 0, 2 * hour} {
		if spent, _ := q.Count(exchange.Use{Platform: "a", Purpose: "x", Subject: person(1), At: testNow().Add(after)}, once); spent != nil {
			t.Errorf("step %d: refused", i)
		}
	}
}

// TestPurposeQuotasAtOnce: however many ask at once, as many are counted as the quota allows.
func TestPurposeQuotasAtOnce(t *testing.T) {
	t.Parallel()
	q := gateway.NewPurposeQuotas()
	var wait sync.WaitGroup
	var let atomic.Int64
	for i := range 100 {
		wait.Go(func() {
			spent, _ := q.Count(exchange.Use{Platform: "a", Purpose: "x", Subject: person(i), At: testNow()}, []exchange.Quota{quota(exchange.CountedSubjects, 30, day)})
			if spent == nil {
				let.Add(1)
			}
		})
	}
	if wait.Wait(); let.Load() != 30 {
		t.Errorf("%d were let through", let.Load())
	}
}

// TestSpentQuotaIsAProblem: 429 with the policy's reason and the time after which to come again, on record.
func TestSpentQuotaIsAProblem(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gateway.Deps) { deps.Broker.(*exchange.Broker).Meter = gateway.NewPurposeQuotas() })
	r.desk.decision = func(request exchange.DecisionRequest) (exchange.Decision, error) {
		d, err := grantAll(request)
		d.Quotas = []exchange.Quota{quota(exchange.CountedRequests, 1, hour)}
		return d, err
	}
	body := testdata(t, "licence.json")
	if got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", body)); got.status != 200 {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", body))
	p := got.problem(t)
	if got.status != 429 || p.Code != "quota-exceeded" || len(p.Reasons) != 1 || p.Reasons[0].Code != "quota_of_purpose_spent" || p.Receipt == nil {
		t.Errorf("%d %s %v", got.status, p.Code, p.Reasons)
	}
	if after := got.header.Get("Retry-After"); after != "1800" { // testNow is half past nine
		t.Errorf("Retry-After %s", after)
	}
	if records := r.desk.recorded(); records[1].Outcome != "quota-exceeded" || len(records[1].Reasons) != 1 || records[1].Attempts != nil {
		t.Errorf("recorded %+v", records[1])
	}
}

func BenchmarkPurposeQuotas(b *testing.B) {
	b.ReportAllocs()
	q, quotas := gateway.NewPurposeQuotas(), []exchange.Quota{quota(exchange.CountedSubjects, 1000, day)}
	use := exchange.Use{Platform: "a", Purpose: "x", Subject: person(1), At: testNow()}
	for b.Loop() {
		q.Count(use, quotas)
	}
}
