package journal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
)

// appendAll stores n records from callers goroutines at once and returns the text of the record at each index.
func appendAll(t *testing.T, l *Log, callers, n int) map[uint64]string {
	t.Helper()
	var (
		wg  sync.WaitGroup
		mu  sync.Mutex
		got = make(map[uint64]string)
	)
	for c := range callers {
		wg.Go(func() {
			for i := range n / callers {
				text := fmt.Sprintf("caller %d record %d", c, i)
				p, err := l.Append(t.Context(), Record{Data: []byte(text), Key: fmt.Sprint(c)})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if other, taken := got[p.Index]; taken {
					t.Errorf("index %d given to %q and %q", p.Index, other, text)
				}
				got[p.Index] = text
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return got
}

// checkAll reads the whole log in order and a hundred records by index, and compares.
func checkAll(t *testing.T, l *Log, want map[uint64]string) {
	t.Helper()
	ctx := testContext(t)
	if l.Head() != uint64(len(want)) {
		t.Fatalf("head is %d, want %d", l.Head(), len(want))
	}
	var next uint64
	err := l.Scan(ctx, 0, func(p Position, r Record) error {
		if p.Index != next || string(r.Data) != want[p.Index] {
			return fmt.Errorf("at %d: position %d holds %q, want %q", next, p.Index, r.Data, want[p.Index])
		}
		next++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if next != l.Head() {
		t.Fatalf("scan ended at %d, head is %d", next, l.Head())
	}
	for i := range min(100, l.Head()) { // the factor jumps all over the log
		index := i * 61_803 % l.Head()
		if r, err := l.Get(ctx, index); err != nil || string(r.Data) != want[index] {
			t.Fatalf("get %d: %q, %v; want %q", index, r.Data, err, want[index])
		}
	}
}

func TestRestartKeepsEveryRecordAndIndex(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := make(map[uint64]string)
	for range 3 {
		j := open(t, dir)
		l := openLog(t, j, LogConfig{})
		checkAll(t, l, want)
		for index, text := range appendAll(t, l, 16, 480) {
			if _, taken := want[index]; taken {
				t.Fatalf("index %d was given again", index)
			}
			want[index] = text
		}
		checkAll(t, l, want)
		shut(t, j)
	}
}

func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	l := openLog(t, open(t, t.TempDir()), LogConfig{MaxRecordBytes: 10})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, row := range map[string]struct {
		ctx  context.Context
		r    Record
		want error
	}{
		"large data": {t.Context(), Record{Data: make([]byte, 11)}, ErrTooLarge},
		"large key":  {t.Context(), Record{Key: string(make([]byte, maxKeyBytes+1))}, ErrTooLarge},
		"no time":    {cancelled, Record{}, context.Canceled},
	} {
		if _, err := l.Append(row.ctx, row.r); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
	if l.Head() != 0 {
		t.Errorf("head is %d after refusals", l.Head())
	}
	if _, err := l.Get(t.Context(), 0); !errors.Is(err, ErrNotFound) {
		t.Errorf("get of nothing: %v", err)
	}
}
