package batch

import (
	"context"
	"testing"

	"golang.org/x/sync/errgroup"
)

// BenchmarkTell makes the batches of 10,000 licences: reading, opening, deciding, writing to memory and keeping the places. The bytes
// are all that was allocated on the way.
func BenchmarkTell(b *testing.B) {
	const licences = 10_000
	r := newRig(b)
	r.table.limit = licences
	must(b, do(b, r.driver(b, "first", nil), Telling))
	var reporting errgroup.Group
	reporting.SetLimit(64)
	for n := range licences {
		reporting.Go(func() error {
			_, err := r.intake.Report(context.Background(), reported(b, "police", n, 1, "A"))
			return err
		})
	}
	must(b, reporting.Wait())
	r.clock.night()
	d := r.driver(b, "one", nil)
	b.ReportAllocs()
	for b.Loop() {
		r.records.records, r.table.rows = nil, nil
		clear(r.table.heads)
		r.back(b)
		must(b, do(b, d, Telling))
		if len(r.table.rows) != licences {
			b.Fatalf("%d rows", len(r.table.rows))
		}
	}
	b.ReportMetric(licences*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// back puts every place to the beginning.
func (r *rig) back(b *testing.B) {
	for partition := range partitions {
		at, revision, err := r.places("bench").read(b.Context(), tellingKey("front", partition))
		must(b, err)
		_, err = r.places("bench").write(b.Context(), tellingKey("front", partition), &place{Since: at.Since}, revision)
		must(b, err)
	}
}
