package watch

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkCalled is what watching adds to each call.
func BenchmarkCalled(b *testing.B) {
	w := New(Config{Clock: time.Now})
	w.Add(Part{ID: "a"})
	call := Call{Took: 12 * time.Millisecond, Waited: 11 * time.Millisecond}
	b.ReportAllocs()
	for b.Loop() {
		w.Called("a", call)
	}
}

// BenchmarkOverview is what one look costs with 100 adapters.
func BenchmarkOverview(b *testing.B) {
	w := New(Config{Clock: time.Now})
	for i := range 100 {
		id := fmt.Sprintf("a%d", i)
		w.Add(Part{ID: id})
		w.Called(id, Call{Took: time.Millisecond})
	}
	b.ReportAllocs()
	for b.Loop() {
		w.Overview()
	}
}
