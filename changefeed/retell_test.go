package changefeed

import (
	"errors"
	"slices"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func retell(r *rig, t *testing.T, licences ...int) (Progress, error) {
	t.Helper()
	var keys []string
	for _, n := range licences {
		keys = append(keys, licenceKey(n))
	}
	return r.Retell(testContext(t), RetellOrder{
		Platform: "wechat", Licences: slices.Values(keys), Total: len(keys), By: operator, PerSecond: 1e6,
	})
}

func TestRetellTellsAllThatStands(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("wechat", exchange.AspectStatus.Fields()...)
	r.start(t, nil)
	points := 3
	report(t, r.intake, reported(t, "police", 1, 1, exchange.Facts{Status: "B", Points: &points}))
	report(t, r.intake, reported(t, "wechat", 2, 1, zt("D"))) // an echo: it was never told of this one
	report(t, r.intake, reported(t, "police", 4, 1, exchange.Facts{Points: &points}))
	r.drained(t, "wechat")
	p.mu.Lock()
	clear(p.held)
	p.mu.Unlock()
	got, err := retell(r, t, 1, 2, 3, 4) // nobody knows number 3, and of number 4 the platform may see nothing
	if err != nil || got != (Progress{Total: 4, Done: 4, Delivered: 2, Invisible: 2}) {
		t.Fatalf("%+v, %v", got, err)
	}
	if told := p.has(1); told.Version != 1 || len(told.Events) != 1 || told.Events[0].Kind != exchange.StatusAdded || len(told.Fields) != 2 {
		t.Errorf("told %+v", told)
	}
	if told := p.has(2); told.Version != 1 {
		t.Errorf("told %+v", told)
	}
	want := []string{OutcomeDelivered, OutcomeDelivered, OutcomeInvisible, OutcomeInvisible}
	if got := r.records.outcomes(changeRepair); !slices.Equal(got, want) {
		t.Errorf("recorded %v", got)
	}
	last := r.records.all()[len(r.records.all())-1]
	if last.Purpose.Operator != operator.Operator || last.Purpose.MatterName != operator.Reason || last.Subject != licenceKey(4) {
		t.Errorf("recorded %+v", last)
	}
}

func TestRetellPausesAndRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("wechat")
	r.start(t, nil)
	all := make([]int, 50)
	for n := range all {
		all[n] = n
		report(t, r.intake, reported(t, "police", n, 1, zt("B")))
	}
	r.drained(t, "wechat")
	p.sees(refuse(exchange.SourceRefused))
	got, err := retell(r, t, all...)
	if !errors.Is(err, ErrReplayPaused) || got != (Progress{Total: 50, Done: 2, Failed: 2, Paused: true}) {
		t.Errorf("%+v, %v", got, err)
	}
	if got := preview(t, r, Selection{}); got.Count != 0 {
		t.Errorf("parked %+v", got)
	}
	if err := r.Disable(testContext(t), "wechat", operator); err != nil {
		t.Fatal(err)
	}
	if got, err := retell(r, t, 1); exchange.CodeOf(err) != exchange.SourceDown || got.Done != 0 {
		t.Errorf("switched off: %+v, %v", got, err)
	}
	for want, order := range map[exchange.Code]RetellOrder{
		exchange.NotFound:       {Platform: "nobody", By: operator},
		exchange.InvalidRequest: {Platform: "wechat", By: Action{Operator: "op-1"}},
	} {
		if _, err := r.Retell(testContext(t), order); exchange.CodeOf(err) != want {
			t.Errorf("want %s: %v", want, err)
		}
	}
}

func TestComposeSaysWhatIsDue(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("wechat", exchange.AspectStatus.Fields()...)
	r.start(t, nil)
	points := 3
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	report(t, r.intake, reported(t, "police", 1, 2, exchange.Facts{Points: &points})) // not to be seen
	report(t, r.intake, reported(t, "wechat", 2, 1, zt("B")))                         // its own word
	r.drained(t, "wechat")
	calls := p.called()
	for n, due := range map[int][]bool{1: {false, true}, 2: {false}} { // newest first
		known, err := r.cfg.Book.Last(testContext(t), licenceKey(n))
		for i := 0; err == nil; i++ {
			composed, failure := r.Compose(testContext(t), "wechat", &known)
			if failure != nil || composed.Due != due[i] || composed.Version != known.State.Version || len(composed.Fields) != 2 {
				t.Errorf("licence %d, %d back: %+v, %v", n, i, composed, failure)
			}
			if known.Stored.IsZero() {
				t.Errorf("licence %d: no time", n)
			}
			if known.Follows == 0 {
				break
			}
			known, err = r.cfg.Book.Read(testContext(t), known.Follows)
		}
		if err != nil {
			t.Error(err)
		}
	}
	if p.called() != calls {
		t.Error("somebody was told")
	}
	backlog, err := r.Backlog(testContext(t), "wechat", r.ledger.Partition(licenceKey(1)))
	if err != nil || backlog.Entries != 0 {
		t.Errorf("backlog %+v, %v", backlog, err)
	}
	if _, err := r.Backlog(testContext(t), "nobody", 0); exchange.CodeOf(err) != exchange.NotFound {
		t.Errorf("nobody's backlog: %v", err)
	}
}

func TestMeantOfAToken(t *testing.T) {
	t.Parallel()
	r, _ := parkedRig(t, 7)
	token := preview(t, r, Selection{Platform: "wechat"}).Token
	got, err := r.cfg.Parking.Meant(testContext(t), token)
	if err != nil || got.Count != 7 || len(got.First) != 5 || got.Selection.Platform != "wechat" || got.Token != token {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := r.Skip(testContext(t), token, operator); err != nil {
		t.Fatal(err)
	}
	if got, err := r.cfg.Parking.Meant(testContext(t), token); err != nil || got.Count != 0 {
		t.Errorf("decided: %+v, %v", got, err)
	}
	if _, err := r.cfg.Parking.Meant(testContext(t), "?"); exchange.CodeOf(err) != exchange.InvalidRequest {
		t.Errorf("no token: %v", err)
	}
}
