package changefeed

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// batched starts a dispatcher that leaves the platform to another driver.
func batched(t *testing.T) (*rig, *platform, *Outlet) {
	t.Helper()
	r := newRig(t)
	front := r.add("front")
	r.start(t, func(c *Config) {
		c.Endpoints[0].Batched = true
		c.Patience.MaxAge = time.Hour
	})
	outlet, err := r.Outlet("front")
	if err != nil {
		t.Fatal(err)
	}
	return r, front, outlet
}

func (r *rig) known(t *testing.T, n int) *Known {
	t.Helper()
	known, err := r.intake.Book.Last(testContext(t), licenceKey(n))
	if err != nil {
		t.Fatal(err)
	}
	return &known
}

// TestOutletComposesAcrossVersions drafts what stands now of a change that others followed.
func TestOutletComposesAcrossVersions(t *testing.T) {
	t.Parallel()
	r, _, outlet := batched(t)
	report(t, r.intake, reported(t, "police", 1, 1, zt("A")))
	first := r.known(t, 1)
	report(t, r.intake, reported(t, "police", 1, 2, zt("B")))
	newest := r.known(t, 1)
	first.State.Says, newest.State.Says = nil, nil
	draft, err := outlet.Compose(testContext(t), first, newest)
	if err != nil {
		t.Fatal(err)
	}
	want := []exchange.Event{{Kind: exchange.StatusAdded, Letter: "A"}, {Kind: exchange.StatusAdded, Letter: "B"}, {Kind: exchange.StatusRemoved, Letter: "A"}}
	if draft.Version != 2 || len(draft.Events) != len(want) || draft.Origin != "police" || draft.Via[0] != "gateway-a" {
		t.Errorf("%+v, want the events %v", draft.Notice, want)
	}
	if outlet.Echoes(newest) {
		t.Error("the police's word counts as an echo")
	}
	if err := outlet.Delivered(testContext(t), &draft); err != nil {
		t.Fatal(err)
	}
	if got := r.records.outcomes(exchange.ChangeDelivery); len(got) != 1 || got[0] != OutcomeDelivered {
		t.Errorf("records: %v", got)
	}
}

// TestARefusalIsParkedOnce reads the same refusal three times, the last time after an operator has decided.
func TestARefusalIsParkedOnce(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	r, front, outlet := batched(t)
	report(t, r.intake, reported(t, "police", 1, 1, zt("A")))
	refusal := Refusal{Licence: licenceKey(1), Version: 1, Code: exchange.SourceRefused, At: now(), Remark: "张三 is not ours"}
	for again, want := range []bool{true, false} {
		if parked, err := outlet.Refused(ctx, refusal); err != nil || parked != want {
			t.Fatalf("time %d: %t, %v", again, parked, err)
		}
	}
	preview, err := r.cfg.Parking.Preview(ctx, Selection{Platform: "front"})
	if err != nil || preview.Count != 1 {
		t.Fatalf("%+v, %v", preview, err)
	}
	parked := preview.First[0]
	if strings.Contains(string(parked.Sealed), "张三") {
		t.Error("the remark lies open")
	}
	if remark, err := r.intake.Book.Remark(&parked); err != nil || remark != refusal.Remark {
		t.Errorf("%q, %v", remark, err)
	}
	progress, err := r.Replay(ctx, ReplayOrder{Token: preview.Token, By: Action{"op", "mended over there"}})
	if err != nil || progress.Delivered != 1 || front.has(1).Version != 1 {
		t.Errorf("replay: %+v, %v", progress, err)
	}
	if parked, err := outlet.Refused(ctx, refusal); err != nil || parked {
		t.Errorf("after the replay: %t, %v", parked, err)
	}
	refusal.At = refusal.At.Add(time.Minute)
	if parked, err := outlet.Refused(ctx, refusal); err != nil || !parked {
		t.Errorf("refused anew: %t, %v", parked, err)
	}
}

func TestARefusalOfNothingIsToldApart(t *testing.T) {
	t.Parallel()
	r, _, outlet := batched(t)
	report(t, r.intake, reported(t, "police", 1, 1, zt("A")))
	for name, refusal := range map[string]Refusal{
		"no licence": {}, "no key": {Licence: "a person's number?"}, "unknown": {Licence: licenceKey(2), Version: 1},
		"a version to come": {Licence: licenceKey(1), Version: 2},
	} {
		if _, err := outlet.Refused(testContext(t), refusal); !errors.Is(err, ErrNeverTold) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDaysOfFailureSwitchABatchedPlatformOff and its lanes never tell it anything.
func TestDaysOfFailureSwitchABatchedPlatformOff(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	r, front, outlet := batched(t)
	report(t, r.intake, reported(t, "police", 1, 1, zt("A")))
	down := exchange.Errorf(exchange.SourceDown, "down")
	since := r.clock()
	if wait, err := outlet.Failed(ctx, down, 1, since); err != nil || wait <= 0 {
		t.Errorf("%s, %v", wait, err)
	}
	if on, err := outlet.IsOn(ctx); err != nil || !on {
		t.Errorf("on: %t, %v", on, err)
	}
	r.offset.Store(int64(time.Hour))
	if _, err := outlet.Failed(ctx, down, 2, since); err != nil {
		t.Fatal(err)
	}
	if on, err := outlet.IsOn(ctx); err != nil || on || len(r.alerted()) != 1 {
		t.Errorf("on: %t, %v; alerts %v", on, err, r.alerted())
	}
	if front.called() != 0 {
		t.Error("a lane told it")
	}
	if _, err := r.Outlet("nobody"); exchange.CodeOf(err) != exchange.NotFound {
		t.Error(err)
	}
}

// broken refuses to keep anything.
type broken struct{ ParkedLedger }

func (broken) Put(context.Context, string, []byte, journal.Revision) (journal.Revision, error) {
	return 0, journal.ErrUncertain
}

func TestARefusalThatCantBeParkedIsAnError(t *testing.T) {
	t.Parallel()
	r, _, outlet := batched(t)
	report(t, r.intake, reported(t, "police", 1, 1, zt("A")))
	cfg := *outlet.cfg
	cfg.Parking = NewParking(broken{openLedger(t, r.journal, "parked", 2)}, now)
	lost := Outlet{&cfg, outlet.endpoint}
	if parked, err := lost.Refused(testContext(t), Refusal{Licence: licenceKey(1), Version: 1, Code: exchange.SourceRefused}); err == nil || parked {
		t.Errorf("%t, %v", parked, err)
	}
}
