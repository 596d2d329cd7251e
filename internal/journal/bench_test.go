package journal

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkAppend stores 1 KB records; the rate and the disk used are reported beside the allocations.
func BenchmarkAppend(b *testing.B) {
	for _, callers := range []int{1, 8, 64, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			dir := b.TempDir()
			l := openLog(b, open(b, dir), LogConfig{})
			record := Record{Data: bytes.Repeat([]byte("0123456789abcdef"), 64), Key: "5e2b7c0d9f"}
			b.ReportAllocs()
			b.ResetTimer()
			appendConcurrently(b, l, record, callers)
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(b.N)/float64(tailSequence(b, l)), "records/sync")
			b.ReportMetric(float64(diskUsed(b, dir))/float64(b.N), "disk-B/record")
		})
	}
}

func appendConcurrently(b *testing.B, l *Log, record Record, callers int) {
	var left atomic.Int64
	left.Store(int64(b.N))
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := l.Append(context.Background(), record); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// tailSequence is the number of messages, and with that of syncs, that the log has cost.
func tailSequence(b *testing.B, l *Log) (sequence uint64) {
	p, err := l.Append(b.Context(), Record{})
	if err != nil {
		b.Fatal(err)
	}
	return p.Sequence - 1
}

func diskUsed(b *testing.B, dir string) (size int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return size
}

// BenchmarkOpen measures the start of a process: lock, recovery, checks and the log's last index.
func BenchmarkOpen(b *testing.B) {
	for _, records := range []int{0, 100_000} {
		b.Run(fmt.Sprintf("records=%d", records), func(b *testing.B) {
			dir := b.TempDir()
			fill(b, dir, records)
			b.ReportAllocs()
			for b.Loop() {
				j, err := Open(b.Context(), Config{Dir: dir}, discard())
				if err != nil {
					b.Fatal(err)
				}
				l := openLog(b, j, LogConfig{})
				b.StopTimer()
				if l.Head() != uint64(records) {
					b.Fatalf("head is %d, want %d", l.Head(), records)
				}
				shut(b, j)
				b.StartTimer()
			}
		})
	}
}

func fill(b *testing.B, dir string, records int) {
	j := open(b, dir)
	defer shut(b, j)
	l := openLog(b, j, LogConfig{})
	record := Record{Data: make([]byte, 1024)}
	var left atomic.Int64
	left.Store(int64(records))
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := l.Append(context.Background(), record); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkScan reads 100,000 records of 1 KB in order.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	const records = 100_000
	fill(b, dir, records)
	l := openLog(b, open(b, dir), LogConfig{})
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Scan(b.Context(), 0, func(Position, Record) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(records)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkGet reads single records from all over a log that was opened just now, so each is searched for.
func BenchmarkGet(b *testing.B) {
	dir := b.TempDir()
	const records = 100_000
	fill(b, dir, records)
	l := openLog(b, open(b, dir), LogConfig{})
	b.ReportAllocs()
	var index uint64
	for b.Loop() {
		index = (index + 61_803) % records
		if _, err := l.Get(b.Context(), index); err != nil {
			b.Fatal(err)
		}
	}
}
