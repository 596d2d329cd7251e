package outbound_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestBreakerStopsCallsAndOneTrialOpensThem(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	url := serve(t, failing(4, status(500), &calls))
	client := open(t, outbound.Config{
		Concurrency: 1, // a call that the breaker stops must give its place back
		Breaker:     outbound.BreakerConfig{MinCalls: 4, OpenFor: 40 * time.Millisecond},
	}, outbound.Deps{})
	ask := func() error {
		_, err := client.Do(t.Context(), outbound.Request{URL: url})
		return err
	}
	for range 4 {
		_ = ask()
	}
	failure, _ := errors.AsType[*exchange.Error](ask())
	if calls.Load() != 4 || client.State() != "open" || failure.Code != exchange.SourceDown || failure.RetryAfter <= 0 {
		t.Fatalf("breaker %s after %d calls: %+v", client.State(), calls.Load(), failure)
	}
	wait(t, failure.RetryAfter)
	if err := ask(); err != nil || client.State() != "closed" {
		t.Errorf("after the advised wait: %v, breaker %s", err, client.State())
	}
}

// wait lets the time pass that a failure advised.
func wait(t *testing.T, advised time.Duration) {
	t.Helper()
	waiting, cancel := context.WithTimeout(t.Context(), advised+time.Millisecond)
	defer cancel()
	<-waiting.Done()
}

// A trial call whose caller leaves has told nothing: the breaker opens again, and does not wait for an outcome for ever.
func TestTrialWhoseCallerLeaves(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	trial, leave := context.WithCancel(t.Context())
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch calls.Add(1) {
		case 1:
			w.WriteHeader(http.StatusInternalServerError)
		case 2:
			leave()
			<-r.Context().Done()
		}
	})
	client := open(t, outbound.Config{Breaker: outbound.BreakerConfig{MinCalls: 1, OpenFor: 40 * time.Millisecond}}, outbound.Deps{})
	_, _ = client.Do(t.Context(), outbound.Request{URL: url})
	wait(t, 40*time.Millisecond)
	if _, err := client.Do(trial, outbound.Request{URL: url}); !errors.Is(err, context.Canceled) {
		t.Fatalf("the trial ended in %v", err)
	}
	wait(t, 40*time.Millisecond)
	if _, err := client.Do(t.Context(), outbound.Request{URL: url}); err != nil || client.State() != "closed" {
		t.Errorf("the next trial: %v, breaker %s", err, client.State())
	}
}

func TestRefusalsAndCallersWhoLeaveDoNotOpenTheBreaker(t *testing.T) {
	t.Parallel()
	client := open(t, outbound.Config{Breaker: outbound.BreakerConfig{MinCalls: 1}}, outbound.Deps{})
	for _, code := range []int{401, 404, 429} {
		_, _ = client.Do(t.Context(), outbound.Request{URL: serve(t, status(code))})
	}
	left, cancel := context.WithCancel(t.Context())
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := client.Do(left, outbound.Request{URL: url})
	if client.State() != "closed" || !errors.Is(err, context.Canceled) {
		t.Errorf("breaker %s, last error %v", client.State(), err)
	}
}

func TestNoMoreCallsThanAllowed(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	url := serve(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	client := open(t, outbound.Config{Concurrency: 2, QueueWait: time.Microsecond}, outbound.Deps{})
	var under sync.WaitGroup
	for range 2 {
		under.Go(func() { _, _ = client.Do(t.Context(), outbound.Request{URL: url}) })
		<-arrived
	}
	_, err := client.Do(t.Context(), outbound.Request{URL: url})
	failure, _ := errors.AsType[*exchange.Error](err)
	if failure == nil || failure.Code != exchange.Overloaded || failure.RetryAfter != time.Second {
		t.Errorf("got %+v, want overloaded", failure)
	}
	close(release)
	under.Wait()
}

type ledger struct {
	mu       sync.Mutex
	outcomes []exchange.Code
}

func (l *ledger) Observe(_ context.Context, destination string, outcome exchange.Code, _ time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outcomes = append(l.outcomes, exchange.Code(destination), outcome)
}

func TestObserverSeesEveryCall(t *testing.T) {
	t.Parallel()
	seen := &ledger{}
	var tracked *outbound.Client
	client := open(t, outbound.Config{}, outbound.Deps{Observer: seen, Track: func(c *outbound.Client) { tracked = c }})
	_, _ = client.Do(t.Context(), outbound.Request{URL: serve(t, status(200))})
	_, _ = client.Do(t.Context(), outbound.Request{URL: serve(t, status(500))})
	want := []exchange.Code{"demo", "", "demo", exchange.SourceDown}
	if len(seen.outcomes) != 4 || [4]exchange.Code(seen.outcomes) != [4]exchange.Code(want) || tracked != client {
		t.Errorf("observed %q, tracked %p", seen.outcomes, tracked)
	}
}

func BenchmarkDo(b *testing.B) {
	server := serve(b, status(200))
	client, err := outbound.New("demo", outbound.Config{Allow: loopback}, outbound.Deps{})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	request := outbound.Request{
		URL: server, Header: http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "Soapaction": {`""`}}, Body: []byte("question"), Idempotent: true,
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Do(b.Context(), request); err != nil {
			b.Fatal(err)
		}
	}
}
