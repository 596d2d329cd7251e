package watch

import (
	"math/bits"
	"time"
)

const (
	minuteSlices = 5 // a histogram each minute
	sliceTime    = fiveMinutes / minuteSlices
	perOctave    = 8                // buckets for each doubling, so that a quantile is right to an eighth
	buckets      = 28 * perOctave   // up to 2^27 µs, some two minutes
	octaveShift  = 3                // log2 of perOctave
	tiniest      = 1 << octaveShift // µs; below it each microsecond has a bucket
)

// spread keeps how long calls took in the last five minutes, in memory that never grows.
type spread struct {
	turn [minuteSlices]int64
	took [minuteSlices][buckets]uint32
}

func (s *spread) add(now time.Time, took time.Duration) {
	turn := now.UnixNano() / int64(sliceTime)
	i := turn % minuteSlices
	if s.turn[i] < turn {
		s.turn[i], s.took[i] = turn, [buckets]uint32{}
	}
	s.took[i][bucketOf(took)]++
}

func bucketOf(took time.Duration) int {
	micros := uint64(max(0, took.Microseconds()))
	if micros < tiniest {
		return int(micros)
	}
	octave := bits.Len64(micros) - 1
	part := micros >> (octave - octaveShift) & (perOctave - 1)
	return min(buckets-1, (octave-octaveShift+1)*perOctave+int(part))
}

// upperOf gives the first microsecond above a bucket.
func upperOf(bucket int) uint64 {
	if bucket < tiniest {
		return uint64(bucket) + 1
	}
	octave, part := bucket/perOctave+octaveShift-1, uint64(bucket%perOctave)
	return (perOctave + part + 1) << (octave - octaveShift)
}

// quantiles gives the last five minutes in seconds, each quantile rounded up by at most an eighth; zeros if nothing was counted.
func (s *spread) quantiles(now time.Time) Latency {
	var sum [buckets]uint32
	first, total := now.UnixNano()/int64(sliceTime)-minuteSlices+1, uint64(0)
	for i := range s.took {
		if s.turn[i] < first {
			continue
		}
		for bucket, count := range s.took[i] {
			sum[bucket] += count
			total += uint64(count)
		}
	}
	return Latency{quantile(&sum, total, 50), quantile(&sum, total, 95), quantile(&sum, total, 99)}
}

func quantile(sum *[buckets]uint32, total uint64, percent uint64) float64 {
	if total == 0 {
		return 0
	}
	wanted, seen := (total*percent+99)/100, uint64(0)
	for bucket, count := range sum {
		if seen += uint64(count); seen >= wanted {
			return float64(upperOf(bucket)) / 1e6
		}
	}
	return float64(upperOf(buckets-1)) / 1e6
}
