package canary_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
	"github.com/zhengqiao/zhengqiao/watch/canary"
)

// post stands for the whole way from the intake to the receivers.
type post struct {
	mu      sync.Mutex
	version uint64
	stands  exchange.StatusSet
	takes   map[string]time.Duration // by receiver; -1: it never arrives
	courier *canary.Courier
	err     error
	reports []exchange.Report
}

func (p *post) accept(_ context.Context, r *exchange.Report) (uint64, exchange.ReportOutcome, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reports = append(p.reports, *r)
	switch {
	case p.err != nil:
		return 0, "", p.err
	case p.stands == r.Facts.Status:
		return p.version, exchange.ReportUnchanged, nil
	}
	p.version++
	p.stands = r.Facts.Status
	for receiver, takes := range p.takes {
		if takes >= 0 {
			notice := exchange.Notice{Licence: r.Licence, Version: p.version}
			time.AfterFunc(takes, func() { p.courier.Applied(receiver, &notice, time.Now()) })
		}
	}
	return p.version, exchange.ReportAccepted, nil
}

func posted(takes map[string]time.Duration) (*watch.Watcher, *post) {
	w := watch.New(watch.Config{Clock: time.Now})
	p := &post{takes: takes}
	p.courier = &canary.Courier{
		Accept: p.accept, Report: exchange.Report{Reporter: "canary", Licence: "key"}, Arrivals: w, Clock: time.Now,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	for receiver := range takes {
		w.Add(watch.Part{ID: receiver, Role: "receiver"})
	}
	p.courier.Receivers = func() []string { return slices.Sorted(maps.Keys(takes)) }
	return w, p
}

func freshness(w *watch.Watcher) string {
	var shown []string
	for _, adapter := range w.Overview().Adapters {
		shown = append(shown, adapter.ID+" "+string(adapter.Lights[2].Colour))
	}
	return strings.Join(shown, ", ")
}

func TestCourierTimesEachReceiver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := posted(map[string]time.Duration{"a": time.Second, "b": 21 * time.Second, "c": -1})
		var told []string
		p.courier.Observe = func(receiver string, took time.Duration, inTime bool) {
			if inTime {
				receiver += " " + took.String()
			}
			told = append(told, receiver)
		}
		if err := p.courier.Round(t.Context()); err != nil {
			t.Error(err)
		}
		if got := freshness(w); got != "a green, b red, c red" || strings.Join(told, ", ") != "a 1s, b, c" {
			t.Errorf("%s; %s", got, told)
		}
		p.takes["b"], p.takes["c"] = 0, 19*time.Second
		if err := p.courier.Round(t.Context()); err != nil || freshness(w) != "a green, b green, c green" {
			t.Errorf("%v; %s", err, freshness(w))
		}
	})
}

// TestALateReceiverShowsInAMinute holds at the defaults, whenever the receiver stops.
func TestALateReceiverShowsInAMinute(t *testing.T) {
	t.Parallel()
	for begins := time.Duration(0); begins < canary.DefaultRound; begins += 3100 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			w, p := posted(map[string]time.Duration{"a": time.Second})
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() { ended <- p.courier.Run(ctx) }()
			time.Sleep(2*time.Minute + begins)
			synctest.Wait()
			if got := freshness(w); got != "a green" {
				t.Errorf("before: %s", got)
			}
			p.mu.Lock()
			p.takes["a"] = -1
			p.mu.Unlock()
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := freshness(w); got != "a red" {
				t.Errorf("a minute after it stopped: %s", got)
			}
			stop()
			<-ended
		})
	}
}

func TestCourierGoesOnFromWhatStands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, p := posted(map[string]time.Duration{"a": 0})
		p.stands = "B" // of an earlier run
		if err := p.courier.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		last := p.reports[len(p.reports)-1]
		if len(p.reports) != 2 || last.Facts.Status != "A" || last.Reporter != "canary" || last.Happened.IsZero() || last.ID == p.reports[0].ID {
			t.Errorf("%+v", p.reports)
		}
	})
}

func TestCourierSaysNothingOfReceiversWhenNothingWasAccepted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := posted(map[string]time.Duration{"a": 0})
		p.err = errors.New("the disk is full")
		if err := p.courier.Round(t.Context()); err == nil || freshness(w) != "a grey" {
			t.Errorf("%v; %s", err, freshness(w))
		}
	})
}
