package changebench

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

// reporter announces changes of licences in 随申办's name.
type reporter struct {
	gateway *app.App
	start   time.Time
	mu      sync.Mutex
	rounds  map[int]uint64 // by licence: how often it was changed
}

func newReporter(gateway *app.App, rounds map[int]uint64) *reporter {
	return &reporter{gateway: gateway, start: time.Now().Add(-time.Hour), rounds: rounds}
}

// change reports the next change of licence n and gives the version that it made.
func (r *reporter) change(ctx context.Context, n int) (key, error) {
	r.mu.Lock()
	r.rounds[n]++
	round := r.rounds[n]
	r.mu.Unlock()
	number, err := exchange.ParseIDNumber(numberOf(n), time.Now())
	if err != nil {
		return key{}, err
	}
	report := &exchange.Report{
		ID: fmt.Sprintf("%d-%d", n, round), Reporter: "suishenban", Licence: r.gateway.LicenceKey(number),
		Subject: exchange.Subject{Name: "测试", IDNumber: number}, Region: "310000", Sequence: round,
		Happened: r.start.Add(time.Duration(round) * time.Second), Facts: exchange.Facts{Status: exchange.StatusSet([]string{"A", "H"}[round%2])},
	}
	accepted, err := r.gateway.Report(ctx, report)
	if err != nil {
		return key{}, err
	}
	if accepted.Outcome != exchange.ReportAccepted {
		return key{}, fmt.Errorf("a change was %s", accepted.Outcome)
	}
	return key{report.Licence, accepted.Version}, nil
}

// many changes licences from first on, each once, by so many callers at once, and gives the rate.
func (r *reporter) many(ctx context.Context, first, count, callers int, progress func(done int)) (perSecond float64, err error) {
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for range callers {
		group.Go(func() error {
			for {
				n := int(next.Add(1)) - 1
				if n >= count {
					return nil
				}
				if _, err := r.change(ctx, first+n); err != nil {
					return err
				}
				if n%10_000 == 9_999 {
					progress(n + 1)
				}
			}
		})
	}
	err = group.Wait()
	return float64(count) / time.Since(began).Seconds(), err
}

// numberOf makes the ID number of somebody born in Shanghai who does not exist.
func numberOf(n int) string {
	birth := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%27_000)
	return citizen.IdentityNumber(fmt.Sprintf("3101%02d", 1+n/27_000/900), birth, 100+n/27_000%900)
}
