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
// (-benchtime=60s) to see what a reload costs those who ask: no decision may fail or be of two revisions, p99 is told.
func BenchmarkDecideDuringReload(b *testing.B) {
	before := policies.Embedded()
	purposes, err := fs.ReadFile(before, "data/purposes.yaml")
	if err != nil {
		b.Fatal(err)
	}
	const shown, hidden = "cycleEnd, validUntil, longTerm, validity, nextInspection", "cycleEnd, longTerm, validity, nextInspection"
	after := changed(b, map[string]string{"data/purposes.yaml": strings.Replace(string(purposes), shown, hidden, 1)})
	for name, every := range map[string]time.Duration{"alone": 0, "reload": time.Second} {
		b.Run(name, func(b *testing.B) {
			engine := newEngine(b, before)
			first := engine.Revision()
			stop := reloading(b, engine, every, after, before)
			defer stop()
			decideReminders(b, engine, first)
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

// decideReminders asks for a field that only the first revision shows, so a decision that mixed two would show.
func decideReminders(b *testing.B, engine *policies.Engine, first string) {
	b.Helper()
	request := ownQuery()
	request.Purpose.Code, request.Wanted = "reminder", []exchange.Field{"status", "validUntil"}
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		decision, err := engine.Decide(b.Context(), request)
		took = append(took, time.Since(began))
		if _, shown := decision.Grants["validUntil"]; err != nil || shown != (decision.Revision == first) {
			b.Fatalf("shown: %v by revision %s, error %v", shown, decision.Revision, err)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
}
