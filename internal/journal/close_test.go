package journal

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestCloseStoresWhatWasTaken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	l := openLog(t, j, LogConfig{})
	const records = 1000
	for i := range records {
		if _, _, err := l.queue.add(Record{Data: []byte(fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
	}
	shut(t, j)
	if _, err := l.Append(t.Context(), Record{}); !errors.Is(err, ErrClosed) {
		t.Errorf("append after close: %v", err)
	}
	want := make(map[uint64]string)
	for i := range records {
		want[uint64(i)] = fmt.Sprint(i)
	}
	checkAll(t, openLog(t, open(t, dir), LogConfig{}), want)
}

func TestCloseGivesUpWhenTimeIsOut(t *testing.T) {
	t.Parallel()
	entered := make(chan struct{}, 100)
	j, err := Open(t.Context(), Config{Dir: t.TempDir()}, discard())
	if err != nil {
		t.Fatal(err)
	}
	l := flakyLog(t, j, LogConfig{Name: "records"}, func(int) fault {
		entered <- struct{}{}
		return fault{err: errLost}
	})
	result := make(chan error)
	go func() {
		_, err := l.Append(context.Background(), Record{Data: []byte("x")})
		result <- err
	}()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("close without time: %v", err)
	}
	if err := <-result; !errors.Is(err, ErrClosed) || !errors.Is(err, ErrFailed) {
		t.Errorf("append that waited: %v", err)
	}
	if j.Err() != nil {
		t.Errorf("closing counted as a failure: %v", j.Err())
	}
}
