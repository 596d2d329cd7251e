package changebench

import (
	"runtime"
	"testing"
)

// TestCostIsShared: what was allocated since is divided among the changes.
func TestCostIsShared(t *testing.T) {
	used := newMeter()
	var kept [][]byte
	for range 1000 {
		kept = append(kept, make([]byte, 10<<10))
	}
	runtime.KeepAlive(kept)
	if cost := used.each(100); cost.Allocs < 10 || cost.Allocs > 20 || cost.KB < 100 || cost.KB > 150 {
		t.Errorf("cost %+v of 10 objects of 10 KB each", cost)
	}
}
