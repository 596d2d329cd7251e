package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
)

// engineLogger writes the engine's lines to slog. Its notices are our debug lines: each start writes a dozen of them. So are its
// warnings while it stops: it warns of what it meets closed.
type engineLogger struct {
	logger   *slog.Logger
	fatal    func(error)
	stopping atomic.Bool
}

func (l *engineLogger) log(level slog.Level, format string, v []any) string {
	text := fmt.Sprintf(format, v...)
	l.logger.LogAttrs(context.Background(), level, "journal engine", slog.String("line", text))
	return text
}

// Noticef writes what the engine tells about itself.
func (l *engineLogger) Noticef(format string, v ...any) { l.log(slog.LevelDebug, format, v) }

// plaintext begins a warning about passwords in a configuration file. Ours come from a file of their own or are drawn at the start.
const plaintext = "Plaintext passwords detected"

// Warnf is Noticef for warnings.
func (l *engineLogger) Warnf(format string, v ...any) {
	level := slog.LevelWarn
	if l.stopping.Load() || strings.HasPrefix(format, plaintext) {
		level = slog.LevelDebug
	}
	l.log(level, format, v)
}

// Errorf is Noticef for errors.
func (l *engineLogger) Errorf(format string, v ...any) { l.log(slog.LevelError, format, v) }

// Debugf is Noticef for details.
func (l *engineLogger) Debugf(format string, v ...any) { l.log(slog.LevelDebug, format, v) }

// Tracef is Noticef for protocol lines, which stay off: they would show the payload.
func (l *engineLogger) Tracef(string, ...any) {}

// Fatalf reports what would end a stand-alone server. Here the process decides: main exits when Failed is closed.
func (l *engineLogger) Fatalf(format string, v ...any) {
	l.fatal(errors.New(l.log(slog.LevelError, format, v)))
}

// fatalOnce keeps the first fatal line of the engine until someone listens, then hands later ones on.
type fatalOnce struct {
	mu   sync.Mutex
	err  error
	next func(error)
}

func (f *fatalOnce) set(err error) {
	f.mu.Lock()
	if f.err == nil {
		f.err = err
	}
	next := f.next
	f.mu.Unlock()
	if next != nil {
		next(err)
	}
}

func (f *fatalOnce) get() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// forward hands a fatal line that already came, and all later ones, to next.
func (f *fatalOnce) forward(next func(error)) {
	f.mu.Lock()
	f.next = next
	err := f.err
	f.mu.Unlock()
	if err != nil {
		next(err)
	}
}
