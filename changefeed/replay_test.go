package changefeed

import (
	"errors"
	"slices"
	"testing"

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

// waitingInOrder gives the licences of a token in the order of their changes' revisions, which is the order of replay.
func waitingInOrder(t *testing.T, r *rig, token string) (licences []string) {
	t.Helper()
	_, places, err := r.cfg.Parking.thaw(testContext(t), token)
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range places {
		parked, err := r.cfg.Parking.last(testContext(t), at.key)
		if err != nil || i > 0 && at.revision <= places[i-1].revision {
			t.Fatalf("place %d of %v: %v", i, places, err)
		}
		licences = append(licences, parked.Licence)
	}
	return licences
}

func TestReplayTellsWhatWasFrozenInOrder(t *testing.T) {
	t.Parallel()
	r, p := parkedRig(t, 12)
	frozen := preview(t, r, Selection{Platform: "wechat"})
	inOrder := waitingInOrder(t, r, frozen.Token)
	if frozen.Count != 12 || len(inOrder) != 12 || len(frozen.First) != 5 || frozen.First[0].Licence != inOrder[0] || frozen.First[4].Licence != inOrder[4] {
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
	overtaken := func(licence string) bool { return licence == licenceKey(3) }
	if want := append([]string{licenceKey(3)}, slices.DeleteFunc(inOrder, overtaken)...); !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
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
	frozen := preview(t, r, Selection{})
	inOrder := waitingInOrder(t, r, frozen.Token)
	bad := map[string]bool{inOrder[10]: true, inOrder[20]: true}
	p.sees(func(n exchange.Notice, _ int) (bool, error) {
		if bad[n.Licence] {
			return false, &exchange.Error{Code: exchange.InvalidRequest}
		}
		return true, nil
	})
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
	if left.Count != 2 || left.First[0].Licence != inOrder[10] || left.First[0].Attempts != 2 || len(left.First[0].History) != 2 {
		t.Errorf("left %+v", left)
	}
}
