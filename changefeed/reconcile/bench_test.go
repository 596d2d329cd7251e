package reconcile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"unsafe"

	"github.com/zhengqiao/zhengqiao/changefeed/feedtest"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestMemoryPerLicence keeps the figures of the package's comment.
func TestMemoryPerLicence(t *testing.T) {
	t.Parallel()
	if line, key := unsafe.Sizeof(line{}), unsafe.Sizeof(key{}); line != 80 || key != 48 {
		t.Errorf("%d bytes a holding, %d bytes a suspect", line, key)
	}
}

// BenchmarkIndex holds a million holdings and finds each.
func BenchmarkIndex(b *testing.B) {
	holdings := make([]exchange.Holding, 1_000_000)
	for i := range holdings {
		sum := sha256.Sum256(fmt.Append(nil, i))
		holdings[i] = exchange.Holding{Licence: hex.EncodeToString(sum[:]), Version: 1, Digest: "d"}
	}
	slices.SortFunc(holdings, func(a, b exchange.Holding) int { return pack(a.Licence).compare(pack(b.Licence)) })
	b.ReportAllocs()
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		x, last := index{}, ""
		for page := range slices.Chunk(holdings, 1000) {
			if err := x.add(page, last); err != nil {
				b.Fatal(err)
			}
			last = page[len(page)-1].Licence
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		for i := range holdings {
			if x.find(pack(holdings[i].Licence)) == nil {
				b.Fatal("lost")
			}
		}
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB/million")
	}
}

// BenchmarkCompare compares 2,000 licences that agree with a platform in memory: the ledger's reading, the unsealing, the decision of
// a table and the digest.
func BenchmarkCompare(b *testing.B) {
	p, receiver := feedtest.NewPlatform("wechat")
	p.Pages(1000)
	r := newRig(b, nil, receiver)
	const licences = 2000
	for n := range licences {
		r.Report(b, "police", n, 1, zt("B"))
	}
	r.Drained(b, "wechat")
	b.ReportAllocs()
	for b.Loop() {
		if got := r.compare(b, "wechat"); got.Agreeing != licences {
			b.Fatalf("%+v", got)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/licences, "µs/licence")
}
