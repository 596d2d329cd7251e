package changebench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
)

// Options say how much is measured.
type Options struct {
	Dir      string // for the journal, on a real disk; empty: the system's place for such
	Pending  int    // changes that a platform catches up on; 100,000
	Licences int    // of the growth, besides those: up to 1,000,000
	Length   time.Duration
	Profile  string // where CPU profiles go, a file for each measurement: .accept, .catchup and so on is put behind it; empty: none
	Progress func(format string, args ...any)
}

// Report is what came out.
type Report struct {
	System        string    `json:"system"`
	Processors    int       `json:"processors"`
	AcceptPerSec  float64   `json:"acceptPerSecond"` // 64 callers, nobody is told
	AcceptCost    Cost      `json:"acceptCost"`
	Callers       int       `json:"callers"`
	Pending       int       `json:"pending"`
	CatchUp       []CatchUp `json:"catchUp"`
	Steady        Delay     `json:"steady"`        // four platforms at 500 changes/s
	BesideBefore  Delay     `json:"besideBefore"`  // four platforms at 100 changes/s
	BesideCatchUp Delay     `json:"besideCatchUp"` // the same while a fifth catches up
	BesideFifth   int       `json:"besideFifth"`   // licences that the fifth was told of meanwhile
	Growth        []Growth  `json:"growth"`
	Country       *Need     `json:"country,omitempty"` // what all drivers would need; nil: growth was not measured
}

// CatchUp is how long the platforms took for what was pending, all at once.
type CatchUp struct {
	Platforms int     `json:"platforms"`
	Seconds   float64 `json:"seconds"`
	PerSecond float64 `json:"perSecond"` // changes, of each platform
	Cost      Cost    `json:"cost"`      // of telling one platform of one change
}

const callers = 64

// four are the platforms that are connected all the time; fifth comes later.
func four() []string { return []string{"zheliban", "suihaoban", "wechat-city", "thirdparty-mini"} }

const fifth = "jiaoguan12123"

// Run measures everything, one after the other, in one folder.
func Run(ctx context.Context, o Options) (report Report, err error) {
	dir, err := os.MkdirTemp(o.Dir, "zhengqiao-changebench-")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	w, err := newWorld(dir)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	report = Report{System: runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version(), Processors: runtime.NumCPU(), Callers: callers, Pending: o.Pending}
	m := &measure{options: o, world: w, report: &report, rounds: map[int]uint64{}}
	for _, step := range []func(context.Context) error{m.accept, m.catchUp, m.steady, m.beside, m.grow} {
		if err := step(ctx); err != nil {
			return report, err
		}
	}
	return report, nil
}

// measure is a run under way.
type measure struct {
	options Options
	world   *world
	report  *Report
	rounds  map[int]uint64
}

func (m *measure) accept(ctx context.Context) error {
	m.options.Progress("accepting %d changes by %d callers, nobody is told", m.options.Pending, callers)
	return m.world.run(ctx, nil, func(ctx context.Context, gateway *app.App) (err error) {
		return m.profiled("accept", func() error {
			used := newMeter()
			m.report.AcceptPerSec, err = newReporter(gateway, m.rounds).many(ctx, 0, m.options.Pending, callers, m.step)
			m.report.AcceptCost = used.each(m.options.Pending)
			return err
		})
	})
}

func (m *measure) step(done int) { m.options.Progress("  %d", done) }

func (m *measure) catchUp(ctx context.Context) error {
	for _, platforms := range [][]string{four()[:1], four()[1:]} {
		m.options.Progress("%d platforms catch up on %d changes", len(platforms), m.options.Pending)
		err := m.world.run(ctx, platforms, func(ctx context.Context, _ *app.App) error {
			return m.profiled(fmt.Sprintf("catchup%d", len(platforms)), func() error { return m.awaitAll(ctx, platforms) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *measure) awaitAll(ctx context.Context, platforms []string) error {
	used, began := newMeter(), time.Now()
	for _, platform := range platforms {
		if err := m.awaitOne(ctx, platform); err != nil {
			return err
		}
	}
	took := time.Since(began).Seconds()
	m.report.CatchUp = append(m.report.CatchUp, CatchUp{len(platforms), took, float64(m.options.Pending) / took, used.each(m.options.Pending * len(platforms))})
	return nil
}

// awaitOne waits until a platform was told of everything that was pending.
func (m *measure) awaitOne(ctx context.Context, platform string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	defer cancel()
	for m.world.inbox.count(platform) < m.options.Pending {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s was told of %d changes: %w", platform, m.world.inbox.count(platform), ctx.Err())
		case <-m.world.inbox.news[platform]:
		}
	}
	return nil
}

func (m *measure) steady(ctx context.Context) error {
	const perSecond = 500
	m.options.Progress("%d changes/s to %d platforms for %s", perSecond, len(four()), m.options.Length)
	return m.world.run(ctx, four(), func(ctx context.Context, gateway *app.App) (err error) {
		return m.profiled("steady", func() error {
			m.report.Steady, err = m.world.delays(ctx, newReporter(gateway, m.rounds), four(), m.options.Pending, perSecond, m.options.Length)
			return err
		})
	})
}

func (m *measure) beside(ctx context.Context) (err error) {
	const perSecond = 100
	m.options.Progress("%d changes/s to %d platforms, and again while a fifth catches up", perSecond, len(four()))
	err = m.world.run(ctx, four(), func(ctx context.Context, gateway *app.App) (err error) {
		m.report.BesideBefore, err = m.world.delays(ctx, newReporter(gateway, m.rounds), four(), m.options.Pending, perSecond, m.options.Length)
		return err
	})
	if err != nil {
		return err
	}
	return m.world.run(ctx, append(four(), fifth), func(ctx context.Context, gateway *app.App) (err error) {
		return m.profiled("beside", func() error {
			m.report.BesideCatchUp, err = m.world.delays(ctx, newReporter(gateway, m.rounds), four(), m.options.Pending, perSecond, m.options.Length)
			m.report.BesideFifth = m.world.inbox.count(fifth)
			return err
		})
	})
}
