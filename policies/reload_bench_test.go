package policies_test

import (
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// BenchmarkDecideDuringReload decides while other policies come into force each second, and without. Run it for a minute
// (-benchtime=60s) to see what a reload costs those who ask: failed and mixed, which must be 0, p99, and by how much that grew.
func BenchmarkDecideDuringReload(b *testing.B) {
	before := policies.Embedded()
	purposes, err := fs.ReadFile(before, "data/purposes.yaml")
	if err != nil {
		b.Fatal(err)
	}
	const shown, hidden = "cycleEnd, validUntil, longTerm, validity, nextInspection", "cycleEnd, longTerm, validity, nextInspection"
	after := changed(b, map[string]string{"data/purposes.yaml": strings.Replace(string(purposes), shown, hidden, 1)})
	var alone time.Duration // p99
	for _, one := range []struct {
		name  string
		every time.Duration
	}{{"alone", 0}, {"reload", time.Second}} {
		b.Run(one.name, func(b *testing.B) {
			engine := newEngine(b, before)
			first := engine.Revision()
			stop := reloading(b, engine, one.every, after, before)
			defer stop()
			p99 := decideReminders(b, engine, first)
			if one.every == 0 {
				alone = p99
			} else if alone > 0 {
				b.ReportMetric(100*(float64(p99)/float64(alone)-1), "p99-growth-%")
			}
		})
	}
}

// reloading puts one and the other into force in turn until stop is called.
func reloading(b *testing.B, engine *policies.Engine, every time.Duration, turns ...fs.FS) (stop func()) {
	b.Helper()
	if every == 0 {
		return func() {}
	}
	done := make(chan struct{})
	var worker sync.WaitGroup
	worker.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if err := engine.Reload(turns[i%len(turns)]); err != nil {
				b.Error(err)
			}
		}
	})
	return func() {
		close(done)
		worker.Wait()
	}
}

// decideReminders asks for a field that only the first revision shows, so a decision that mixed two would show. It gives the 99th
// percentile.
func decideReminders(b *testing.B, engine *policies.Engine, first string) time.Duration {
	b.Helper()
	request := ownQuery()
	request.Purpose.Code, request.Wanted = "reminder", []exchange.Field{"status", "validUntil"}
	took := make([]time.Duration, 0, 1<<22)
	failed, mixed := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		decision, err := engine.Decide(b.Context(), request)
		if len(took) < cap(took) {
			took = append(took, time.Since(began))
		}
		_, shown := decision.Grants["validUntil"]
		switch {
		case err != nil:
			failed++
		case shown != (decision.Revision == first):
			mixed++
		}
	}
	slices.Sort(took)
	p99 := took[len(took)*99/100]
	b.ReportMetric(float64(p99.Nanoseconds()), "p99-ns")
	b.ReportMetric(float64(failed), "failed")
	b.ReportMetric(float64(mixed), "mixed")
	if failed+mixed > 0 {
		b.Errorf("%d decisions failed, %d mixed two revisions", failed, mixed)
	}
	return p99
}
