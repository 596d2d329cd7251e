package journal

import (
	"context"
	"errors"
	"testing"
)

// flakyStore is a real stream whose answers get lost.
type flakyStore struct {
	logStore
	publishFault func(n int) fault // for the n-th publish, from 0
	n            int               // only the writer's goroutine counts
}

func (s *flakyStore) publish(ctx context.Context, payload []byte, last uint64) (uint64, error) {
	f := s.publishFault(s.n)
	s.n++
	if f.err != nil && !f.stored {
		return 0, f.err
	}
	sequence, err := s.logStore.publish(ctx, payload, last)
	if err != nil {
		return 0, err
	}
	return sequence, f.err
}

// flakyLog opens a log on the real engine with the faults between.
func flakyLog(t *testing.T, j *Journal, cfg LogConfig, faults func(n int) fault) *Log {
	t.Helper()
	cfg, err := cfg.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s, err := openStream(t.Context(), j.js, logStreamConfig(cfg, 1))
	if err != nil {
		t.Fatal(err)
	}
	real := &logStream{js: j.js, stream: s, subject: "log." + cfg.Name}
	l, err := j.continueLog(t.Context(), cfg, &flakyStore{logStore: real, publishFault: faults})
	if err != nil {
		t.Fatal(err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.logs[cfg.Name] = l
	return l
}

func TestLostAnswersNeitherDoubleNorSkipAnIndex(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	l := flakyLog(t, j, LogConfig{Name: "records"}, func(n int) fault {
		return map[int]fault{1: {err: errLost}, 3: {stored: true, err: errLost}, 5: {stored: true, err: errLost}}[n]
	})
	want := appendAll(t, l, 8, 400)
	checkAll(t, l, want)
	shut(t, j)
	checkAll(t, openLog(t, open(t, dir), LogConfig{}), want)
}

func TestSecondWriterStopsTheLog(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	l := openLog(t, j, LogConfig{})
	if _, err := l.Append(t.Context(), Record{Data: []byte("ours")}); err != nil {
		t.Fatal(err)
	}
	intruder := newBatch(nil)
	intruder.add(Record{Data: []byte("theirs")})
	intruder.seal(1, 1)
	if _, err := j.js.Publish(t.Context(), "log.records", intruder.buf); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(t.Context(), Record{Data: []byte("ours")}); !errors.Is(err, ErrConflict) {
		t.Errorf("append after an intruder: %v", err)
	}
	<-j.Failed()
	if err := j.Err(); !errors.Is(err, ErrConflict) {
		t.Errorf("the journal failed with %v", err)
	}
	if _, err := l.Append(t.Context(), Record{}); !errors.Is(err, ErrFailed) {
		t.Errorf("append after the failure: %v", err)
	}
	if err := j.Ready(t.Context()); err == nil {
		t.Error("ready after the failure")
	}
}

func TestOverloadRefusesAndLosesNothing(t *testing.T) {
	t.Parallel()
	gate, entered := make(chan struct{}), make(chan struct{}, 100)
	l := flakyLog(t, open(t, t.TempDir()), LogConfig{Name: "records", QueueBatches: 1}, func(int) fault {
		entered <- struct{}{}
		<-gate
		return fault{}
	})
	results := make(chan error, maxBatchRecords+1)
	add := func() {
		_, err := l.Append(context.Background(), Record{Data: []byte("x")})
		results <- err
	}
	go add()
	<-entered // the first record is on its way, alone
	for range maxBatchRecords {
		b, _, err := l.queue.add(Record{Data: []byte("y")})
		if err != nil {
			t.Fatal(err)
		}
		go func() { <-b.done; results <- b.err }()
	}
	if _, err := l.Append(t.Context(), Record{}); !errors.Is(err, ErrOverloaded) {
		t.Errorf("append to a full queue: %v", err)
	}
	close(gate)
	for range maxBatchRecords + 1 {
		if err := <-results; err != nil {
			t.Errorf("a record that was taken: %v", err)
		}
	}
	if l.Head() != maxBatchRecords+1 {
		t.Errorf("head is %d", l.Head())
	}
}

func TestCancelledAppendMayBeStored(t *testing.T) {
	t.Parallel()
	gate, entered := make(chan struct{}), make(chan struct{}, 1)
	j := open(t, t.TempDir())
	l := flakyLog(t, j, LogConfig{Name: "records"}, func(int) fault {
		entered <- struct{}{}
		<-gate
		return fault{}
	})
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() {
		_, err := l.Append(ctx, Record{Data: []byte("x")})
		result <- err
	}()
	<-entered
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled append: %v", err)
	}
	close(gate)
	shut(t, j)
	if l.Head() != 1 {
		t.Errorf("head is %d: the record on its way was given up", l.Head())
	}
}
