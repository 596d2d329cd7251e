//go:build unix

package policies_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

func BenchmarkDecide(b *testing.B) {
	engine := newEngine(b, policies.Embedded())
	few := ownQuery()
	few.Wanted = []exchange.Field{"status", "points", "validUntil"}
	refused := ownQuery()
	refused.Purpose.LegalBasis = ""
	away := ownQuery()
	away.Region = "330000"
	violations := ownQuery()
	violations.Operation = exchange.ViolationsQuery
	for name, request := range map[string]exchange.DecisionRequest{
		"all30": ownQuery(), "away30": away, "violations17": violations, "few3": few, "refused": refused,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			before := processorTime(b)
			for b.Loop() {
				request.Now = request.Now.Add(time.Millisecond) // no two requests are of the same moment
				request.Authentications[0].At = request.Now.Add(-time.Minute)
				if _, err := engine.Decide(b.Context(), request); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

// processorTime is what this process has used, whatever else the machine does.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		newEngine(b, policies.Embedded())
	}
}
