package changefeed

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

var operator = Action{Operator: "op-1", Reason: "field was too short, now longer"}

// parkedRig has the licences from 0 to n-1 parked for wechat.
func parkedRig(t *testing.T, n int) (*rig, *platform) {
	t.Helper()
	r := newRig(t)
	p := r.add("wechat")
	p.sees(refuse(exchange.SourceRefused))
	r.start(t, nil)
	for i := range n {
		report(t, r.intake, reported(t, "police", i, 1, zt("B")))
	}
	r.drained(t, "wechat")
	return r, p
}

func preview(t *testing.T, r *rig, s Selection) Preview {
	t.Helper()
	p, err := r.cfg.Parking.Preview(testContext(t), s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReplayTellsWhatWasFrozenInOrder(t *testing.T) {
	t.Parallel()
	r, p := parkedRig(t, 12)
	frozen := preview(t, r, Selection{Platform: "wechat"})
	if frozen.Count != 12 || len(frozen.First) != 5 || frozen.First[0].Licence != licenceKey(0) || frozen.First[4].Licence != licenceKey(4) {
		t.Fatalf("preview %+v", frozen)
	}
	report(t, r.intake, reported(t, "police", 99, 1, zt("B"))) // parked after the preview: not meant
	r.drained(t, "wechat")
	p.sees(nil)
	report(t, r.intake, reported(t, "police", 3, 2, zt("BD"))) // overtakes what is parked
	r.drained(t, "wechat")
	var steps []Progress
	got, err := r.Replay(testContext(t), ReplayOrder{Token: frozen.Token, By: operator, PerSecond: 1e6, Progress: func(p Progress) { steps = append(steps, p) }})
	if err != nil || got != (Progress{Total: 12, Done: 12, Delivered: 12}) || len(steps) != 12 || steps[4].Done != 5 {
		t.Fatalf("%+v in %d steps, %v", got, len(steps), err)
	}
	var order []string
	for _, notice := range p.applied {
		order = append(order, notice.Licence)
	}
	if want := []string{licenceKey(3), licenceKey(0), licenceKey(1), licenceKey(2), licenceKey(4)}; !slices.Equal(order[:5], want) {
		t.Errorf("order %v", order)
	}
	if got := p.versions(3); !slices.Equal(got, []uint64{2}) {
		t.Errorf("versions of the overtaken one: %v", got)
	}
	if left := preview(t, r, Selection{}); left.Count != 1 || left.First[0].Licence != licenceKey(99) {
		t.Errorf("left %+v", left)
	}
	parked, err := r.cfg.Parking.last(testContext(t), (&Parked{Platform: "wechat", Licence: licenceKey(0), Version: 1}).key())
	if err != nil || parked.Fate != Replayed || parked.Operator != "op-1" || parked.Note != operator.Reason || parked.Decided.IsZero() {
		t.Errorf("decided %+v, %v", parked, err)
	}
	if got := r.records.outcomes(changeReplay); len(got) != 12 || got[0] != OutcomeDelivered {
		t.Errorf("recorded %v", got)
	}
	if got, err := r.Replay(testContext(t), ReplayOrder{Token: frozen.Token, By: operator}); err != nil || got.Total != 0 {
		t.Errorf("a second time: %+v, %v", got, err)
	}
}

func TestReplayPausesItself(t *testing.T) {
	t.Parallel()
	r, p := parkedRig(t, 50)
	bad := map[string]bool{licenceKey(10): true, licenceKey(20): true}
	p.sees(func(n exchange.Notice, _ int) (bool, error) {
		if bad[n.Licence] {
			return false, &exchange.Error{Code: exchange.InvalidRequest}
		}
		return true, nil
	})
	frozen := preview(t, r, Selection{})
	order := ReplayOrder{Token: frozen.Token, By: operator, PerSecond: 1e6}
	got, err := r.Replay(testContext(t), order)
	if !errors.Is(err, ErrReplayPaused) || got != (Progress{Total: 50, Done: 21, Delivered: 19, Failed: 2, Paused: true}) {
		t.Fatalf("%+v, %v", got, err)
	}
	got, err = r.Replay(testContext(t), order) // goes on with what was not tried
	if err != nil || got != (Progress{Total: 29, Done: 29, Delivered: 29}) {
		t.Fatalf("%+v, %v", got, err)
	}
	left := preview(t, r, Selection{Reason: exchange.InvalidRequest})
	if left.Count != 2 || left.First[0].Licence != licenceKey(10) || left.First[0].Attempts != 2 || len(left.First[0].History) != 2 {
		t.Errorf("left %+v", left)
	}
}

func TestSkipAndSelection(t *testing.T) {
	t.Parallel()
	r, p := parkedRig(t, 3)
	since := preview(t, r, Selection{}).First[0].Since
	r.offset.Store(int64(time.Hour))
	p.sees(refuse(exchange.NoRecord))
	for n := 3; n < 5; n++ {
		report(t, r.intake, reported(t, "police", n, 1, zt("B")))
	}
	r.drained(t, "wechat")
	later := since.Add(30 * time.Minute)
	for name, c := range map[string]struct {
		selection Selection
		want      int
	}{
		"all": {Selection{}, 5}, "by platform": {Selection{Platform: "wechat"}, 5}, "of another platform": {Selection{Platform: "zheliban"}, 0},
		"by reason": {Selection{Reason: exchange.NoRecord}, 2}, "later": {Selection{From: later}, 2}, "earlier": {Selection{Until: later}, 3},
		"both": {Selection{Reason: exchange.NoRecord, Until: later}, 0},
	} {
		if got := preview(t, r, c.selection); got.Count != c.want || len(got.First) != min(5, c.want) {
			t.Errorf("%s: %d", name, got.Count)
		}
	}
	calls := p.called()
	got, err := r.Skip(testContext(t), preview(t, r, Selection{Reason: exchange.NoRecord}).Token, operator)
	if err != nil || got != (Progress{Total: 2, Done: 2, Skipped: 2}) || p.called() != calls {
		t.Errorf("%+v, %v", got, err)
	}
	if status := r.statusOf(t, "wechat"); status.Parked != 3 {
		t.Errorf("status %+v", status)
	}
	if got := r.records.outcomes(changeSkip); !slices.Equal(got, []string{"skipped", "skipped"}) {
		t.Errorf("recorded %v", got)
	}
}

func TestOrdersThatAreRefused(t *testing.T) {
	t.Parallel()
	r, p := parkedRig(t, 2)
	token := preview(t, r, Selection{}).Token
	if _, err := r.Replay(testContext(t), ReplayOrder{Token: token, By: Action{Operator: "op-1"}}); exchange.CodeOf(err) != exchange.InvalidRequest {
		t.Errorf("without a reason: %v", err)
	}
	for _, token := range []string{"", "?", base64.RawURLEncoding.EncodeToString([]byte("{"))} {
		if _, err := r.Skip(testContext(t), token, operator); exchange.CodeOf(err) != exchange.InvalidRequest {
			t.Errorf("token %q: %v", token, err)
		}
	}
	if err := r.Disable(testContext(t), "wechat", operator); err != nil {
		t.Fatal(err)
	}
	calls := p.called()
	if got, err := r.Replay(testContext(t), ReplayOrder{Token: token, By: operator}); exchange.CodeOf(err) != exchange.SourceDown || got.Done != 0 || p.called() != calls {
		t.Errorf("switched off: %+v, %v", got, err)
	}
	if err := r.Enable(testContext(t), "wechat", operator); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(testContext(t))
	p.sees(func(exchange.Notice, int) (bool, error) { stop(); return true, nil })
	if _, err := r.Replay(stopped, ReplayOrder{Token: token, By: operator, PerSecond: 1e-3}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// TestDecidedElsewhere: two operators act on the same delivery.
func TestDecidedElsewhere(t *testing.T) {
	t.Parallel()
	r, p := parkedRig(t, 2)
	token := preview(t, r, Selection{}).Token
	p.sees(func(n exchange.Notice, _ int) (bool, error) {
		if n.Licence == licenceKey(0) { // while the first is told, somebody skips both
			if got, err := r.Skip(testContext(t), token, operator); err != nil || got.Skipped != 2 {
				t.Errorf("skip: %+v, %v", got, err)
			}
		}
		return true, nil
	})
	got, err := r.Replay(testContext(t), ReplayOrder{Token: token, By: operator, PerSecond: 1e6})
	if err != nil || got.Elsewhere != 2 || got.Total != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzToken(f *testing.F) {
	for _, seed := range []string{"", "e30", "eyJzIjp7fSwiciI6MX0", "\xff"} {
		f.Add(seed)
	}
	parking := NewParking(openLedger(f, openJournal(f, f.TempDir()), "parked", 1), now)
	f.Fuzz(func(t *testing.T, token string) {
		_, places, err := parking.thaw(t.Context(), token)
		if err != nil && exchange.CodeOf(err) != exchange.InvalidRequest || len(places) > 0 {
			t.Fatalf("%d places, %v", len(places), err)
		}
	})
}
