package config

import (
	"io"
	"log/slog"
)

// Logger writes JSON lines of the configured level and above.
func (c *Config) Logger(to io.Writer) *slog.Logger {
	var threshold slog.Level
	_ = threshold.UnmarshalText([]byte(c.LogLevel)) // it was checked
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{Level: threshold}))
}
