package telemetry_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/telemetry"
)

// What following costs a request: nothing without a collector, next to nothing where the trace is not kept.
func BenchmarkRequest(b *testing.B) {
	unkept, err := telemetry.Open(b.Context(), telemetry.Config{Endpoint: "http://127.0.0.1:1"})
	if err != nil {
		b.Fatal(err)
	}
	defer unkept.Close(b.Context())
	for name, tracer := range map[string]*telemetry.Tracer{"off": nil, "not kept": unkept} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			now := time.Now()
			for b.Loop() {
				ctx, _, end := tracer.Begin(b.Context(), "queryLicence", nil, true, now)
				_, step := tracer.Step(ctx, "journal.put")
				tracer.Attempt(ctx, "tmri-sh", 1, nil)(200, "")
				step(nil)
				end(false, nil)
			}
		})
	}
}

// TestOffIsFree holds the promise where a benchmark only shows it.
func TestOffIsFree(t *testing.T) { // not parallel: it counts allocations
	var tracer *telemetry.Tracer
	ctx, now := t.Context(), time.Now()
	if allocations := testing.AllocsPerRun(100, func() {
		ctx, _, end := tracer.Begin(ctx, "queryLicence", nil, true, now)
		_, step := tracer.Step(ctx, "journal.put")
		tracer.Attempt(ctx, "tmri-sh", 1, nil)(200, "")
		step(nil)
		end(false, nil)
	}); allocations != 0 {
		t.Errorf("%v allocations for nobody", allocations)
	}
}
