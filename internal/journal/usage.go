package journal

import (
	"context"
	"fmt"
)

// Usage is what the journal takes on disk, in bytes. In a cluster it is what all nodes keep together, each replica counted.
type Usage struct {
	Used int64
	// Limit is what all may take together before a write is refused with ErrFull; 0: it is not known, as that of an outside cluster
	// that sets none.
	Limit int64
}

// Usage asks the engine. It reads counters, no disk.
func (j *Journal) Usage(ctx context.Context) (Usage, error) {
	info, err := j.js.AccountInfo(ctx)
	if err != nil {
		return Usage{}, fmt.Errorf("ask for the journal's use of the disk: %w", translate(err))
	}
	usage := Usage{Used: int64(info.Store), Limit: max(0, info.Limits.MaxStore)}
	if usage.Limit == 0 && j.engine.server != nil && !j.engine.observer {
		usage.Limit = j.engine.server.JetStreamConfig().MaxStore
	}
	return usage, nil
}
