package main

import "testing"

func TestHeapFillsItsRoom(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{
		0: 400, 1 << 20: 400, 9 << 20: 400, 12 << 20: 300, 16 << 20: 200, 18 << 20: 150, 24 << 20: 100, 47 << 20: 100, 48 << 20: 100, 2 << 30: 100,
	} {
		if got := percentFor(live); got != want {
			t.Errorf("%d MB alive: %d percent, want %d", live>>20, got, want)
		}
	}
	for live := uint64(8 << 20); live <= 24<<20; live += 1 << 20 {
		if goal := live + live*uint64(percentFor(live))/100; goal > roomyHeap {
			t.Errorf("%d MB alive may grow to %d MB", live>>20, goal>>20)
		}
	}
}
