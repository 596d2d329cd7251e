package changebench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Delay is how long after it was accepted a change was at the platforms; an accepted change is at all of them when the last has it.
type Delay struct {
	PerSecond int     `json:"perSecond"` // changes
	Changes   int     `json:"changes"`
	P50       float64 `json:"p50Millis"`
	P99       float64 `json:"p99Millis"`
	Slowest   float64 `json:"maxMillis"`
	Cost      Cost    `json:"cost"` // of a change with all its deliveries
}

// accepted is a change and when the reporter had its answer.
type accepted struct {
	told key
	at   time.Time
}

// delays changes licences at a fixed rate for a while and waits until the platforms have all of it. The first second, in which the gateway
// starts and its lanes open, is not measured.
func (w *world) delays(ctx context.Context, r *reporter, platforms []string, licences, perSecond int, length time.Duration) (Delay, error) {
	w.inbox.watch()
	var mu sync.Mutex
	var made []accepted
	var failed error
	var under sync.WaitGroup
	gap := time.Second / time.Duration(perSecond)
	total := perSecond + int(length/gap)
	used, began := newMeter(), time.Now()
	for n := range total {
		if wait := time.Until(began.Add(time.Duration(n) * gap)); wait > 0 {
			time.Sleep(wait)
		}
		under.Go(func() {
			told, err := r.change(ctx, n%licences)
			at := time.Now()
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = err
				return
			}
			if n < perSecond {
				return
			}
			made = append(made, accepted{told, at})
		})
	}
	under.Wait()
	if failed != nil {
		return Delay{}, failed
	}
	waits, err := w.waits(ctx, made, platforms)
	if err != nil {
		return Delay{}, err
	}
	delay := summary(perSecond, waits)
	delay.Cost = used.each(total)
	return delay, nil
}

// waits gives, for each change, the time until the last platform had it or a newer one.
func (w *world) waits(ctx context.Context, made []accepted, platforms []string) ([]time.Duration, error) {
	var newest uint64
	for _, change := range made {
		newest = max(newest, change.told.version)
	}
	waits := make([]time.Duration, 0, len(made))
	for _, change := range made {
		var last time.Duration
		for _, platform := range platforms {
			when, err := w.arrival(ctx, platform, change.told, newest)
			if err != nil {
				return nil, err
			}
			last = max(last, when.Sub(change.at))
		}
		waits = append(waits, last)
	}
	return waits, nil
}

// arrival waits for the version at a platform.
func (w *world) arrival(ctx context.Context, platform string, told key, newest uint64) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		if when, known := w.inbox.at(platform, told, newest); known {
			return when, nil
		}
		select {
		case <-ctx.Done():
			return time.Time{}, fmt.Errorf("%s was not told of a change: %w", platform, ctx.Err())
		case <-w.inbox.news[platform]:
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func summary(perSecond int, waits []time.Duration) Delay {
	slices.Sort(waits)
	at := func(share float64) float64 {
		return float64(waits[min(len(waits)-1, int(share*float64(len(waits))))].Microseconds()) / 1000
	}
	return Delay{PerSecond: perSecond, Changes: len(waits), P50: at(.5), P99: at(.99), Slowest: at(1)}
}
