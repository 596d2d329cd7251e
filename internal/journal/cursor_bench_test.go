package journal

import (
	"sync"
	"testing"
)

// BenchmarkCursor does 1 KB entries of 16 partitions with one reader each, until all are done: what a platform's catch-up
// costs the journal.
func BenchmarkCursor(b *testing.B) {
	l := openLedger(b, open(b, b.TempDir()), LedgerConfig{})
	if err := fillLedger(l, b.N); err != nil {
		b.Fatal(err)
	}
	var cursors []*Cursor
	for partition := range l.Partitions() {
		cursors = append(cursors, openCursor(b, l, CursorConfig{Partition: partition}))
	}
	b.ReportAllocs()
	b.ResetTimer()
	var wg sync.WaitGroup
	for _, c := range cursors {
		wg.Go(func() { doAll(b, c) })
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

func doAll(b *testing.B, c *Cursor) {
	backlog, err := c.Pending(b.Context())
	if err != nil {
		b.Error(err)
		return
	}
	for range backlog.Entries {
		d, err := c.Next(b.Context())
		if err == nil {
			err = d.Done(b.Context())
		}
		if err != nil {
			b.Error(err)
			return
		}
	}
}
