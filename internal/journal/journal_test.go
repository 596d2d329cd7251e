package journal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestReadyWritesAndFollowsTheEngine(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	j := open(t, t.TempDir())
	for range 3 {
		if err := j.Ready(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.engine.server.DisableJetStream(); err != nil {
		t.Fatal(err)
	}
	if err := j.Ready(ctx); err == nil {
		t.Error("ready without a store")
	}
}

// TestStoreFailureIsReported stops the store under a log, as the engine does when the disk is full or read-only.
func TestStoreFailureIsReported(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	l := openLog(t, j, LogConfig{})
	if err := j.engine.server.DisableJetStream(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(testContext(t), Record{Data: []byte("x")}); !errors.Is(err, ErrFailed) {
		t.Errorf("append without a store: %v", err)
	}
	<-j.Failed()
	if err := j.Err(); !errors.Is(err, ErrFailed) {
		t.Errorf("the journal failed with %v", err)
	}
}

func TestLostEngineIsReported(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	j.engine.conn.Close()
	<-j.Failed()
	if j.Err() == nil {
		t.Error("failed without a reason")
	}
}

func TestFullLogRefusesAndKeepsTheOld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx := testContext(t)
	j := open(t, dir)
	l := openLog(t, j, LogConfig{MaxBytes: 64 << 10})
	record := Record{Data: bytes.Repeat([]byte("x"), 10<<10)}
	var err error
	for err == nil {
		_, err = l.Append(ctx, record)
	}
	stored := l.Head()
	if !errors.Is(err, ErrFull) || stored != 6 {
		t.Fatalf("after %d records: %v", stored, err)
	}
	if _, err := l.Get(ctx, 0); err != nil {
		t.Errorf("the oldest record: %v", err)
	}
	if err := j.Err(); err != nil {
		t.Errorf("a full log counts as a failure: %v", err)
	}
	if err := j.Ready(ctx); !errors.Is(err, ErrFull) {
		t.Errorf("readiness with a full log: %v", err)
	}
	shut(t, j)
	j = open(t, dir)
	l = openLog(t, j, LogConfig{MaxBytes: 256 << 10}) // the operator gave it room
	if p, err := l.Append(ctx, record); err != nil || p.Index != stored {
		t.Errorf("after the limit was raised: index %d, %v", p.Index, err)
	}
	if err := j.Ready(ctx); err != nil {
		t.Errorf("readiness with room again: %v", err)
	}
	shut(t, j)
	l = openLog(t, open(t, dir), LogConfig{MaxBytes: 20 << 10}) // the operator took it away again
	if _, err := l.Append(ctx, record); !errors.Is(err, ErrFull) {
		t.Errorf("append above a lowered limit: %v", err)
	}
	if _, err := l.Get(ctx, 0); err != nil {
		t.Errorf("the oldest record above a lowered limit: %v", err)
	}
}

func TestFullStoreRefusesAndKeepsTheOld(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	j, err := Open(ctx, Config{Dir: t.TempDir(), MaxBytes: 256 << 10}, discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, j) })
	l := openLog(t, j, LogConfig{})
	for err == nil {
		_, err = l.Append(ctx, Record{Data: bytes.Repeat([]byte("x"), 10<<10)})
	}
	if !errors.Is(err, ErrFull) || j.Err() != nil {
		t.Errorf("append to a full store: %v; journal: %v", err, j.Err())
	}
	if err := l.Scan(ctx, 0, func(Position, Record) error { return nil }); err != nil || l.Head() < 20 {
		t.Errorf("%d records in a full store: %v", l.Head(), err)
	}
}

func TestDamageOnDiskIsNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	b := newBatch(nil)
	b.add(Record{Data: []byte("good")})
	b.seal(1, 0)
	b.buf[batchHeaderBytes+2] ^= 1
	openLog(t, j, LogConfig{})
	if _, err := j.js.Publish(t.Context(), "log.records", b.buf); err != nil {
		t.Fatal(err)
	}
	shut(t, j)
	if _, err := open(t, dir).Log(t.Context(), LogConfig{Name: "records"}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a damaged last message: %v", err)
	}
}

func TestUnusableFolderIsAnError(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{Dir: file}, discard()); err == nil {
		t.Error("a file was opened as a journal folder")
	}
	dir := t.TempDir() // the lock works, the engine's own folder cannot be made
	if err := os.WriteFile(filepath.Join(dir, "jetstream"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time shows that the lock was given back
		if _, err := Open(t.Context(), Config{Dir: dir}, discard()); err == nil || errors.Is(err, ErrLocked) {
			t.Errorf("a folder that the engine cannot use: %v", err)
		}
	}
}
