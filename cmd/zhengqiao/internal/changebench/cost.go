package changebench

import (
	"crypto/rand"
	"fmt"
	"io"
	"runtime"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// Cost is what the whole process used for one change: gateway, load and receiving platforms. Unlike a rate it says the same on a busy
// machine.
type Cost struct {
	CPUMicros float64 `json:"cpuMicros"` // user and system; 0 where the system does not tell
	Signs     float64 `json:"signs"`     // the same, in SM2 signatures made just before and after: how fast a processor is depends on its neighbours
	Allocs    float64 `json:"allocs"`    // objects of the heap
	KB        float64 `json:"kb"`        // of the heap, garbage included
}

// meter reads what the process has used, from a moment on.
type meter struct {
	signMicros float64 // of one SM2 signature
	cpuMicros  int64
	memory     runtime.MemStats
}

func newMeter() *meter {
	m := &meter{signMicros: signMicros()}
	m.cpuMicros = cpuMicros()
	runtime.ReadMemStats(&m.memory)
	return m
}

// each gives what was used since the meter was made, shared among so many changes.
func (m *meter) each(changes int) Cost {
	now := &meter{cpuMicros: cpuMicros()}
	runtime.ReadMemStats(&now.memory)
	share := float64(max(1, changes))
	cost := Cost{
		CPUMicros: float64(now.cpuMicros-m.cpuMicros) / share,
		Allocs:    float64(now.memory.Mallocs-m.memory.Mallocs) / share,
		KB:        float64(now.memory.TotalAlloc-m.memory.TotalAlloc) / share / 1024,
	}
	if sign := (m.signMicros + signMicros()) / 2; sign > 0 {
		cost.Signs = cost.CPUMicros / sign
	}
	return cost
}

// signMicros is what one SM2 signature costs now.
func signMicros() float64 {
	const times = 200
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		return 0
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began := threadMicros()
	for range times {
		if _, err := key.Sign(rand.Reader, nil); err != nil {
			return 0
		}
	}
	return float64(threadMicros()-began) / times
}

// table writes the cost for people.
func (c *Cost) table(out io.Writer, of string) {
	fmt.Fprintf(out, "  %s: %.0f µs of CPU (%.1f SM2 signatures), %.0f allocations, %.1f KB\n", of, c.CPUMicros, c.Signs, c.Allocs, c.KB)
}
