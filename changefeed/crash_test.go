package changefeed

import (
	"context"
	"slices"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestCrashBetweenApplyAndAcknowledgement stops the dispatcher after the platform has applied and before the entry is done.
func TestCrashBetweenApplyAndAcknowledgement(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("zheliban")
	crash, crashed := make(chan struct{}), make(chan struct{})
	p.sees(func(_ exchange.Notice, call int) (bool, error) {
		if call == 1 {
			close(crash)
			<-crashed
		}
		return true, nil
	})
	r.start(t, nil)
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	<-crash
	stopped := make(chan struct{})
	go func() { defer close(stopped); r.stop() }()
	r.records.mu.Lock()
	r.records.fail = context.Canceled // what was under way does not get any further
	r.records.mu.Unlock()
	close(crashed)
	<-stopped
	shut(t, r.journal)
	r.open(t)
	report(t, r.intake, reported(t, "police", 1, 2, zt("BD")))
	r.start(t, nil)
	r.drained(t, "zheliban")
	if got := p.versions(1); !slices.Equal(got, []uint64{1, 2}) || p.called() < 2 {
		t.Errorf("versions %v in %d calls", got, p.called())
	}
}

// TestReceiverPanicIsAFailure and is tried again.
func TestReceiverPanicIsAFailure(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("zheliban")
	p.sees(func(_ exchange.Notice, call int) (bool, error) {
		if call < 3 {
			panic("foreign bytes")
		}
		return true, nil
	})
	r.start(t, nil)
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.drained(t, "zheliban")
	if r.count("zheliban", string(exchange.Internal)) != 2 || p.has(1).Version != 1 {
		t.Errorf("seen %v", r.seen)
	}
}

func TestDispatcherRefusesWrongEndpoints(t *testing.T) {
	t.Parallel()
	one := Endpoint{Platform: "a", Receiver: newPlatform()}
	for name, endpoints := range map[string][]Endpoint{
		"twice": {one, one}, "nameless": {{Receiver: newPlatform()}}, "without a receiver": {{Platform: "a"}},
	} {
		if _, err := NewDispatcher(Config{Endpoints: endpoints}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
