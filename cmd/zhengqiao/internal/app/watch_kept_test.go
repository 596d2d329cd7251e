package app_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/watch"
)

// seenOf gives what the overview shows of an adapter.
func (f *fed) seenOf(id string) watch.Adapter {
	f.t.Helper()
	for _, adapter := range f.gateway.Overview().Adapters {
		if adapter.ID == id {
			return adapter
		}
	}
	f.t.Fatalf("no adapter %s", id)
	return watch.Adapter{}
}

// What operators saw of an adapter's rates is there after a restart, and when it passed the connection test.
func TestRatesOutliveARestart(t *testing.T) {
	t.Parallel()
	f := newFed(t, "")
	f.start()
	if report, err := f.gateway.TestConnection(t.Context(), "suihaoban"); err != nil || !report.Passed() {
		t.Fatalf("%+v, %v", report, err)
	}
	before := f.seenOf("suihaoban")
	if before.Day.Tried == 0 || before.Conformance.IsZero() {
		t.Fatalf("nothing was counted: %+v", before)
	}
	f.stop()
	f.start()
	defer func() { f.stop() }()
	look, late := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer look.Stop()
	for after := f.seenOf("suihaoban"); !after.Conformance.Equal(before.Conformance) || after.Day.Tried < before.Day.Tried; after = f.seenOf("suihaoban") {
		select {
		case <-look.C:
		case <-late:
			t.Fatalf("before %+v\nafter  %+v", before, after)
		}
	}
}
