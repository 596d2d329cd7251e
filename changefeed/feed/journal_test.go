package feed

import (
	"fmt"
	"sync"
	"testing"
)

// TestLanesOfTwoGatewaysOnADisk: sixteen lanes of each of two gateways write at once; the list is whole, in the order of each lane,
// and still so after a restart, when it goes on.
func TestLanesOfTwoGatewaysOnADisk(t *testing.T) {
	t.Parallel()
	const lanes, each = 16, 20
	dir := t.TempDir()
	j := openJournal(t, dir)
	gateways := []*Feeds{newFeeds(t, openLedger(t, j)), newFeeds(t, openLedger(t, j))}
	var all sync.WaitGroup
	for g, f := range gateways {
		for lane := range lanes {
			all.Go(func() {
				for version := range uint64(each) {
					n := notice(g*lanes+lane, version+1)
					for f.Writer("zheliban").Apply(t.Context(), n) != nil && t.Context().Err() == nil {
						continue // as the dispatcher does
					}
				}
			})
		}
	}
	all.Wait()
	shut(t, j)

	again := newFeeds(t, openLedger(t, openJournal(t, dir)))
	apply(t, again, notice(9999, 1))
	changes, _ := readAll(t, again, "zheliban", "", 64)
	told := map[string][]uint64{}
	for _, c := range changes {
		told[c.Licence] = append(told[c.Licence], c.Version)
	}
	wanted := make([]uint64, each)
	for i := range wanted {
		wanted[i] = uint64(i + 1)
	}
	for n := range 2 * lanes {
		if licence := fmt.Sprintf("%064x", n); !inOrder(told[licence], wanted) {
			t.Errorf("lane %d: %v", n, told[licence])
		}
	}
	if last := changes[len(changes)-1]; last.Licence != notice(9999, 1).Licence || last.Number != uint64(len(changes)) {
		t.Errorf("after the restart the list goes on with %+v", last)
	}
}

// TestTheEndIsFoundByFewLooks after a start, also in a long feed.
func TestTheEndIsFoundByFewLooks(t *testing.T) {
	t.Parallel()
	for _, batches := range []int{0, 1, 2, 3, 7, 8, 9, 1000} {
		ledger := newMemory()
		f := newFeeds(t, ledger)
		for version := range batches {
			apply(t, f, notice(1, uint64(version+1)))
		}
		again := newFeeds(t, ledger)
		ledger.looks = 0
		at, err := again.lines["zheliban"].find(t.Context())
		if err != nil || at.batch != uint64(batches) || at.number != uint64(batches) || ledger.looks > 22 {
			t.Errorf("%d batches: end %+v after %d looks, %v", batches, at, ledger.looks, err)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	for _, lanes := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("lanes=%d", lanes), func(b *testing.B) {
			f := newFeeds(b, openLedger(b, openJournal(b, b.TempDir())))
			w := f.Writer("zheliban")
			b.ReportAllocs()
			b.ResetTimer()
			var all sync.WaitGroup
			for lane := range lanes {
				all.Go(func() {
					for version := uint64(lane); version < uint64(b.N); version += uint64(lanes) {
						if err := w.Apply(b.Context(), notice(lane, version+1)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
		})
	}
}

// BenchmarkRead catches up: pages of 500 of a feed whose batches hold one change each, which is the slowest there is.
func BenchmarkRead(b *testing.B) {
	f := newFeeds(b, openLedger(b, openJournal(b, b.TempDir())))
	for version := range 500 {
		apply(b, f, notice(1, uint64(version+1)))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		page, err := f.Read(b.Context(), "zheliban", "", 500)
		if err != nil || len(page.Changes) != 500 {
			b.Fatal(len(page.Changes), err)
		}
	}
	b.ReportMetric(float64(b.N)*500/b.Elapsed().Seconds(), "changes/s")
}
