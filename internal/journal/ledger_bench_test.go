package journal

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkPut stores entries of 1 KB, each caller on ten keys of its own.
func BenchmarkPut(b *testing.B) {
	for _, callers := range []int{1, 8, 64, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			dir := b.TempDir()
			l := openLedger(b, open(b, dir), LedgerConfig{})
			b.ReportAllocs()
			b.ResetTimer()
			putConcurrently(b, l, callers, b.N)
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
			b.ReportMetric(float64(diskUsed(b, dir))/float64(b.N), "disk-B/put")
		})
	}
}

func putConcurrently(b *testing.B, l *Ledger, callers, n int) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 64)
	var left atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			last := make(map[string]Revision)
			for i := left.Add(-1); i >= 0; i = left.Add(-1) {
				key := fmt.Sprintf("caller-%d-key-%d", c, i%10)
				revision, err := l.Put(context.Background(), key, data, last[key])
				if err != nil {
					b.Error(err)
					return
				}
				last[key] = revision
			}
		})
	}
	wg.Wait()
}

// BenchmarkLast reads the newest entry of keys all over a ledger of 20,000 keys.
func BenchmarkLast(b *testing.B) {
	l := benchLedger(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i = (i + 6_181) % benchKeys
		if _, err := l.Last(b.Context(), fmt.Sprint("key-", i)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLedgerScan visits the newest entry of each of 20,000 keys.
func BenchmarkLedgerScan(b *testing.B) {
	l := benchLedger(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Scan(b.Context(), func(Entry) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(benchKeys*float64(b.N)/b.Elapsed().Seconds(), "keys/s")
}

const benchKeys = 20_000

func benchLedger(b *testing.B) *Ledger {
	l := openLedger(b, open(b, b.TempDir()), LedgerConfig{})
	if err := fillLedger(l, benchKeys); err != nil {
		b.Fatal(err)
	}
	return l
}
