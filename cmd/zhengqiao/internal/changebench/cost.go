package changebench

import (
	"fmt"
	"io"
	"runtime"
)

// Cost is what the whole process used for one change: gateway, load and receiving platforms. A busy machine changes it less than a rate.
type Cost struct {
	CPUMicros float64 `json:"cpuMicros"` // user and system; 0 where the system does not tell
	Allocs    float64 `json:"allocs"`    // objects of the heap
	KB        float64 `json:"kb"`        // of the heap, garbage included
}

// meter is what the process has used at a moment.
type meter struct {
	cpuMicros int64
	memory    runtime.MemStats
}

func newMeter() *meter {
	m := &meter{cpuMicros: cpuMicros()}
	runtime.ReadMemStats(&m.memory)
	return m
}

// each gives what was used since the meter was made, shared among so many changes.
func (m *meter) each(changes int) Cost {
	now, share := newMeter(), float64(max(1, changes))
	return Cost{
		CPUMicros: float64(now.cpuMicros-m.cpuMicros) / share,
		Allocs:    float64(now.memory.Mallocs-m.memory.Mallocs) / share,
		KB:        float64(now.memory.TotalAlloc-m.memory.TotalAlloc) / share / 1024,
	}
}

// table writes the cost for people.
func (c *Cost) table(out io.Writer, of string) {
	fmt.Fprintf(out, "  %s: %.0f µs of CPU, %.0f allocations, %.1f KB\n", of, c.CPUMicros, c.Allocs, c.KB)
}
