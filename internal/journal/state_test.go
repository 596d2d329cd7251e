package journal

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestStateComparesAndSets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx := testContext(t)
	j := open(t, dir)
	s := openState(t, j, StateConfig{Name: "watermarks"})

	if _, err := s.Get(ctx, "zj"); !errors.Is(err, ErrNotFound) {
		t.Errorf("get of nothing: %v", err)
	}
	first, err := s.Put(ctx, "zj", []byte("10"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, "zj", []byte("11"), 0); !errors.Is(err, ErrConflict) {
		t.Errorf("create of what exists: %v", err)
	}
	second, err := s.Put(ctx, "zj", []byte("20"), first)
	if err != nil || second <= first {
		t.Fatalf("revision %d after %d: %v", second, first, err)
	}
	if _, err := s.Put(ctx, "zj", []byte("15"), first); !errors.Is(err, ErrConflict) {
		t.Errorf("write on an old revision: %v", err)
	}
	shut(t, j)

	s = openState(t, open(t, dir), StateConfig{Name: "watermarks"})
	if v, err := s.Get(ctx, "zj"); err != nil || string(v.Data) != "20" || v.Revision != second {
		t.Errorf("after a restart: %q at %d, %v", v.Data, v.Revision, err)
	}
	if _, err := s.Put(ctx, "not a key", nil, 0); err == nil {
		t.Error("a key with spaces was taken")
	}
}

func openState(t *testing.T, j *Journal, cfg StateConfig) *State {
	t.Helper()
	s, err := j.State(testContext(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestVolatileStateForgets marks a nonce as used: a second use conflicts, until the time to live is over.
func TestVolatileStateForgets(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	dir := t.TempDir()
	j := open(t, dir)
	s := openState(t, j, StateConfig{Name: "nonces", Volatile: true, TTL: shortestTTL})
	if _, err := s.Put(ctx, "n1", nil, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, "n1", nil, 0); !errors.Is(err, ErrConflict) {
		t.Errorf("second use: %v", err)
	}
	var err error
	for _, err = s.Put(ctx, "n1", nil, 0); errors.Is(err, ErrConflict); _, err = s.Put(ctx, "n1", nil, 0) {
	}
	if err != nil {
		t.Errorf("use after the time to live: %v", err)
	}
	shut(t, j)
	s = openState(t, open(t, dir), StateConfig{Name: "nonces", Volatile: true, TTL: shortestTTL})
	if _, err := s.Get(ctx, "n1"); !errors.Is(err, ErrNotFound) {
		t.Errorf("after a restart: %v", err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	for name, cfg := range map[string]LogConfig{
		"no name":      {},
		"capital":      {Name: "Records"},
		"dot":          {Name: "a.b"},
		"long name":    {Name: "a23456789012345678901234567890123"},
		"hyphen ends":  {Name: "a-"},
		"large record": {Name: "a", MaxRecordBytes: largestMaxRecordBytes + 1},
		"negative":     {Name: "a", MaxBytes: -1},
	} {
		if _, err := j.Log(t.Context(), cfg); err == nil {
			t.Errorf("%s: the log was opened", name)
		}
	}
	for name, cfg := range map[string]StateConfig{
		"no name":   {},
		"short TTL": {Name: "a", TTL: time.Millisecond},
	} {
		if _, err := j.State(t.Context(), cfg); err == nil {
			t.Errorf("%s: the state was opened", name)
		}
	}
	for name, cfg := range map[string]Config{"no folder": {}, "negative": {Dir: t.TempDir(), MaxBytes: -1}} {
		if _, err := Open(context.Background(), cfg, discard()); err == nil {
			t.Errorf("%s: the journal was opened", name)
		}
	}
}
