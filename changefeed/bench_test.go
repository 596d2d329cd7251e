package changefeed

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// BenchmarkIntake takes in reports of 10,000 licences, each a change; the records go to memory, so the ledger is the disk work.
func BenchmarkIntake(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			intake, _ := newIntake(b, openLedger(b, openJournal(b, b.TempDir()), "licences", 16))
			letters := []exchange.StatusSet{"A", "BD", "H", "J"}
			var next atomic.Int64
			b.ReportAllocs()
			b.SetParallelism(callers) // times GOMAXPROCS; the queue below keeps to the number
			slots := make(chan struct{}, callers)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					slots <- struct{}{}
					n := int(next.Add(1))
					if _, err := intake.Report(b.Context(), reported(b, "police", n%10_000, n/10_000, zt(letters[n/10_000%4]))); err != nil {
						b.Error(err)
					}
					<-slots
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
		})
	}
}
