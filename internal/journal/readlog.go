package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// LogReader reads a log that somebody else writes, as it was when it was opened.
type LogReader struct{ log *Log }

// LogReader opens the log of this name for reading, also while another node writes it. ErrNotFound: there is none.
func (j *Journal) LogReader(ctx context.Context, name string) (*LogReader, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	var r *LogReader
	err := j.settle(ctx, "log "+name, func(ctx context.Context) (err error) {
		r, err = j.openReader(ctx, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open log %s for reading: %w", name, err)
	}
	return r, nil
}

func (j *Journal) openReader(ctx context.Context, name string) (*LogReader, error) {
	stream, err := j.js.Stream(ctx, logPrefix+name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open stream: %w", err)
	}
	s := &logStream{js: j.js, stream: stream, subject: "log." + name, lagging: j.replicas > 1}
	last, payload, err := s.tail(ctx)
	if err != nil {
		return nil, err
	}
	l := &Log{cfg: LogConfig{Name: name}, writer: &writer{}, reader: &reader{source: s}}
	if last > 0 {
		m, err := decodeAt(payload, last)
		if err != nil {
			return nil, err
		}
		l.writer.head.Store(m.next())
		l.reader.remember(last, m.first)
	}
	return &LogReader{log: l}, nil
}

// Head returns the number of records when the reader was opened.
func (r *LogReader) Head() uint64 { return r.log.Head() }

// Get is as [Log.Get].
func (r *LogReader) Get(ctx context.Context, index uint64) (Record, error) {
	return r.log.Get(ctx, index)
}

// Scan is as [Log.Scan].
func (r *LogReader) Scan(ctx context.Context, from uint64, visit func(Position, Record) error) error {
	return r.log.Scan(ctx, from, visit)
}

// ReadLog opens a log for reading and scans it.
func (j *Journal) ReadLog(ctx context.Context, name string, from uint64, visit func(Position, Record) error) error {
	r, err := j.LogReader(ctx, name)
	if err != nil {
		return err
	}
	return r.Scan(ctx, from, visit)
}

const (
	logPrefix    = "log-"
	bucketPrefix = "KV_"
	statePrefix  = "state-"
	ledgerPrefix = "ledger-"
)

// Logs returns the names of all logs, of other nodes included, sorted.
func (j *Journal) Logs(ctx context.Context) ([]string, error) {
	names, err := j.streamNames(ctx, logPrefix)
	for i, name := range names {
		names[i] = strings.TrimPrefix(name, logPrefix)
	}
	return names, err
}

// streamNames lists the streams whose name begins with the prefix, sorted.
func (j *Journal) streamNames(ctx context.Context, prefix string) ([]string, error) {
	var names []string
	err := j.settle(ctx, "a list of streams", func(ctx context.Context) error {
		names = nil
		list := j.js.StreamNames(ctx)
		for name := range list.Name() {
			if strings.HasPrefix(name, prefix) {
				names = append(names, name)
			}
		}
		return list.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list streams: %w", err)
	}
	slices.Sort(names)
	return names, nil
}
