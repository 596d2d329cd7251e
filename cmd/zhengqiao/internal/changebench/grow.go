package changebench

import (
	"context"
	"io/fs"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
)

// Growth is what so many known licences cost.
type Growth struct {
	Licences int     `json:"licences"`
	HeapMB   float64 `json:"heapMB"` // in use after a collection
	DiskMB   float64 `json:"diskMB"` // the journal, with the records of the reports
}

// grow makes licences known and looks at memory and disk at each power of ten.
func (m *measure) grow(ctx context.Context) error {
	if m.options.Licences == 0 {
		return nil
	}
	dir := filepath.Join(m.world.dir, "growth")
	fresh, err := newWorld(dir)
	if err != nil {
		return err
	}
	defer fresh.close()
	return fresh.run(ctx, nil, func(ctx context.Context, gateway *app.App) error {
		reporter, known := newReporter(gateway, map[int]uint64{}), 0
		for _, licences := range []int{1, 10_000, 100_000, 1_000_000} {
			if licences > m.options.Licences {
				break
			}
			m.options.Progress("making %d licences known", licences)
			if _, err := reporter.many(ctx, known, licences-known, callers, m.step); err != nil {
				return err
			}
			known = licences
			growth, err := costs(dir, licences)
			if err != nil {
				return err
			}
			m.report.Growth = append(m.report.Growth, growth)
		}
		if country, known := need(m.report.Growth); known {
			m.report.Country = &country
		}
		return nil
	})
}

func costs(dir string, licences int) (Growth, error) {
	debug.FreeOSMemory()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	var bytes int64
	err := filepath.WalkDir(filepath.Join(dir, "journal"), func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return Growth{licences, float64(memory.HeapInuse) / 1e6, float64(bytes) / 1e6}, err
}
