package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Heap sizes in bytes and percent as in GOGC.
const (
	// roomyHeap may be filled before garbage is collected. Measured: a gateway under full load keeps 20 to 35 MB alive and takes
	// some 70 MB beside the heap, so that it stays below 150 MB.
	roomyHeap = 48 << 20
	// usualPercent is Go's own: a heap that outgrows the room is collected as it would be without us. A memory limit would
	// collect ever more often instead, just when large pictures are under way.
	usualPercent = 100
	// mostPercent keeps a nearly empty heap from growing too far between two collections.
	mostPercent = 400
)

// useHeap lets the heap fill its room before garbage is collected, which is cheaper than Go's rule of twice what is alive. It
// does nothing where the environment sets GOGC or GOMEMLIMIT: the operator knows better.
func useHeap() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		followHeap(usualPercent)
	}
}

// followHeap sets the percentage anew after each collection: the cleanup of an object that nobody holds runs then.
func followHeap(current int) {
	type sentinel struct{ _ [16]byte } // 16 bytes or more: tiny objects share a block, and may outlive a collection
	runtime.AddCleanup(new(sentinel), func(current int) {
		wanted := percentFor(liveHeap())
		if wanted != current {
			debug.SetGCPercent(wanted)
		}
		followHeap(wanted)
	}, current)
}

// liveHeap is what the last collection found alive.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// percentFor gives the percentage that fills the room, in steps of 25, since setting it stops the program for a moment.
func percentFor(live uint64) int {
	if live >= roomyHeap {
		return usualPercent
	}
	percent := (roomyHeap - live) * 100 / max(live, 1) / 25 * 25
	return int(min(max(percent, usualPercent), mostPercent))
}
