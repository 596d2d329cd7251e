package changebench

import (
	"math"
	"testing"
)

func TestNeedIsTheSlope(t *testing.T) {
	t.Parallel()
	if _, known := need([]Growth{{1, 40, 1}}); known {
		t.Error("a slope of one point")
	}
	got, known := need([]Growth{{1, 40, 1}, {10_000, 41, 31}, {110_000, 46, 331}})
	want := Need{HeapMBPerMillion: 50, DiskMBPerMillion: 3000, NodeHeapGB: (46 + 50*(540.0/34-0.11)) / 1000, NodeDiskGB: 3 * 540.0 / 34, CountryDiskTB: 4.86}
	for name, pair := range map[string][2]float64{
		"heap": {got.HeapMBPerMillion, want.HeapMBPerMillion}, "disk": {got.DiskMBPerMillion, want.DiskMBPerMillion},
		"heap of a node": {got.NodeHeapGB, want.NodeHeapGB}, "disk of a node": {got.NodeDiskGB, want.NodeDiskGB}, "country": {got.CountryDiskTB, want.CountryDiskTB},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-6*pair[1] || !known {
			t.Errorf("%s: %g, want %g", name, pair[0], pair[1])
		}
	}
}
