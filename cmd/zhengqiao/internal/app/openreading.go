package app

import (
	"context"
	"log/slog"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// OpenForReading opens the configured journal beside the gateways that use it: a running cluster as an observer, an outside one as it is.
// A journal of one node has one user at a time: while a gateway runs on it the error is [journal.ErrLocked].
func OpenForReading(ctx context.Context, c *config.Config, logger *slog.Logger) (*journal.Journal, error) {
	settings, err := journalConfig(c)
	if err != nil {
		return nil, err
	}
	if settings.Cluster != nil {
		settings.Cluster.Observer, settings.Dir = true, ""
	}
	return journal.Open(ctx, settings, logger)
}
