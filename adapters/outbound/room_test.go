package outbound_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// A destination's queue is bounded, and says so at once: nobody waits for longer than all of them may.
func TestQueueOfADestinationIsBounded(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	url := serve(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	client := open(t, outbound.Config{Concurrency: 1, Queue: 1, QueueWait: time.Minute}, outbound.Deps{})
	var under sync.WaitGroup
	ask := func() {
		if _, err := client.Do(t.Context(), outbound.Request{URL: url}); err != nil {
			t.Error(err)
		}
	}
	under.Go(ask)
	<-arrived
	under.Go(ask)
	for client.Load().Waiting == 0 {
		runtime.Gosched()
	}
	if load := client.Load(); load != (outbound.Load{Limit: 1, UnderWay: 1, Waiting: 1}) {
		t.Errorf("load: %+v", load)
	}
	_, err := client.Do(t.Context(), outbound.Request{URL: url})
	if failure, _ := errors.AsType[*exchange.Error](err); failure == nil || failure.Code != exchange.Overloaded || failure.RetryAfter == 0 {
		t.Errorf("the third: %v", err)
	}
	close(release)
	<-arrived
	under.Wait()
}

// A call that could not be answered before its deadline is refused without a wait, once it is known what calls take.
func TestNobodyWaitsInVain(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	url := serve(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	client := open(t, outbound.Config{Concurrency: 1, QueueWait: time.Hour}, outbound.Deps{})
	var under sync.WaitGroup
	ask := func() { _, _ = client.Do(t.Context(), outbound.Request{URL: url}) }
	under.Go(ask)
	<-arrived
	release <- struct{}{} // the first call's time is known from here on, and it is above zero
	under.Wait()
	under.Go(ask)
	<-arrived
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(time.Nanosecond))
	defer cancel()
	if _, err := client.Do(late, outbound.Request{URL: url}); exchange.CodeOf(err) != exchange.Overloaded {
		t.Errorf("came out as %v", err)
	}
	close(release)
	under.Wait()
}
