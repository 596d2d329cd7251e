package changefeed

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func refuse(code exchange.Code) func(exchange.Notice, int) (bool, error) {
	return func(exchange.Notice, int) (bool, error) { return false, &exchange.Error{Code: code} }
}

// parkingFails fails the first two writes; each waits for the gate before.
type parkingFails struct {
	ParkedLedger
	asked chan struct{} // one for each write
	gate  chan struct{}
	tried atomic.Int64
}

func (p *parkingFails) Put(ctx context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error) {
	p.asked <- struct{}{}
	<-p.gate
	if p.tried.Add(1) <= 2 {
		return 0, journal.ErrFailed
	}
	return p.ParkedLedger.Put(ctx, key, data, follows)
}

// TestRefusalIsParkedBeforeItLeaves: while the parking takes nothing the entry stays with the cursor; then it is parked with its history
// and what comes after it is told.
func TestRefusalIsParkedBeforeItLeaves(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("zheliban")
	p.sees(func(n exchange.Notice, call int) (bool, error) {
		switch {
		case n.Version > 1:
			return true, nil
		case call == 1:
			return false, &exchange.Error{Code: exchange.SourceDown}
		}
		return false, &exchange.Error{Code: exchange.SourceRefused}
	})
	var parking *parkingFails
	r.start(t, func(c *Config) {
		parking = &parkingFails{ParkedLedger: c.Parking.ledger, asked: make(chan struct{}, 3), gate: make(chan struct{})}
		c.Parking = NewParking(parking, r.clock)
	})
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	for range 3 { // fails, fails, is kept
		<-parking.asked
		if status := r.statusOf(t, "zheliban"); status.Entries != 1 || status.Parked != 0 {
			t.Errorf("it has left, but is not parked: %+v", status)
		}
		parking.gate <- struct{}{}
	}
	r.drained(t, "zheliban")
	preview, err := r.cfg.Parking.Preview(testContext(t), Selection{})
	if err != nil || preview.Count != 1 {
		t.Fatalf("preview %+v, %v", preview, err)
	}
	got := preview.First[0]
	codes := []exchange.Code{}
	for _, failure := range got.History {
		codes = append(codes, failure.Code)
	}
	if got.Platform != "zheliban" || got.Licence != licenceKey(1) || got.Version != 1 || got.Reason != exchange.SourceRefused || got.Attempts < 4 ||
		!slices.Equal(codes[:2], []exchange.Code{exchange.SourceDown, exchange.SourceRefused}) || got.Since.IsZero() || got.Fate != Waiting {
		t.Errorf("parked %+v", got)
	}
	if last := r.records.outcomes(exchange.ChangeDelivery); !slices.Equal(last, []string{string(exchange.SourceRefused)}) {
		t.Errorf("recorded %v", last)
	}
	if status := r.statusOf(t, "zheliban"); status.Parked != 1 || r.count("zheliban", OutcomeParked) != 1 {
		t.Errorf("status %+v", status)
	}
	report(t, r.intake, reported(t, "police", 1, 2, zt("BD")))
	r.drained(t, "zheliban")
	if p.has(1).Version != 2 {
		t.Error("the next version was not told")
	}
}

func TestGoneEndpointIsSwitchedOff(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	gone, other := r.add("wechat"), r.add("zheliban")
	gone.sees(refuse(exchange.EndpointGone))
	r.start(t, nil)
	for n := range 20 {
		report(t, r.intake, reported(t, "police", n, 1, zt("B")))
	}
	r.drained(t, "zheliban")
	r.until(t, "the endpoint is off", func() bool { return r.statusOf(t, "wechat").Health.Off })
	status := r.statusOf(t, "wechat")
	if status.Entries != 20 || status.Parked != 0 || !strings.Contains(status.Health.Reason, "410") || other.licences() != 20 {
		t.Errorf("status %+v", status)
	}
	if len(r.alerted()) != 1 || !strings.HasPrefix(r.alerted()[0], "wechat: ") {
		t.Errorf("alerts %v", r.alerted())
	}
	r.stop() // off outlives a restart
	shut(t, r.journal)
	r.open(t)
	gone.sees(nil)
	calls := gone.called()
	r.start(t, nil)
	report(t, r.intake, reported(t, "police", 20, 1, zt("B")))
	r.drained(t, "zheliban")
	if gone.called() != calls {
		t.Error("told while off")
	}
	if err := r.Enable(testContext(t), "wechat", Action{}); exchange.CodeOf(err) != exchange.InvalidRequest {
		t.Errorf("enabled by nobody: %v", err)
	}
	if err := r.Enable(testContext(t), "wechat", Action{Operator: "op-1", Reason: "new address"}); err != nil {
		t.Fatal(err)
	}
	r.drained(t, "wechat")
	if health := r.statusOf(t, "wechat").Health; gone.licences() != 21 || health.Off || health.Operator != "op-1" {
		t.Errorf("wechat has %d licences, %+v", gone.licences(), health)
	}
	if got := r.records.outcomes(changeEnable); len(got) != 1 {
		t.Errorf("recorded %v", got)
	}
	if err := r.Disable(testContext(t), "nobody", Action{Operator: "op-1", Reason: "x"}); exchange.CodeOf(err) != exchange.NotFound {
		t.Errorf("unknown endpoint: %v", err)
	}
}
