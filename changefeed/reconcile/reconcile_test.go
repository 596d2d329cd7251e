package reconcile

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/zhengqiao/zhengqiao/changefeed/feedtest"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func zt(letters exchange.StatusSet) exchange.Facts { return exchange.Facts{Status: letters} }

func pointed(points int) exchange.Facts { return exchange.Facts{Points: &points} }

// counts gives the findings that are some.
func counts(r *Report) map[Kind]int {
	all := map[Kind]int{}
	for kind, finding := range r.Findings {
		all[kind] = finding.Count
	}
	return all
}

func TestEachKindIsFoundAndMended(t *testing.T) {
	t.Parallel()
	p, receiver := feedtest.NewPlatform("wechat")
	r := newRig(t, nil, receiver)
	for n := range 20 {
		r.Report(t, "police", n, 1, zt("B"))
	}
	r.Drained(t, "wechat")
	var old map[string]exchange.Holding
	p.Spoil(func(held map[string]exchange.Holding) { old = maps.Clone(held) })
	r.Report(t, "police", 3, 2, zt("BD"))
	r.Report(t, "police", 3, 3, pointed(4))
	r.Drained(t, "wechat")
	if got := r.compare(t, "wechat"); got.Known != 20 || got.Held != 20 || got.Agreeing != 20 || got.Diverged() != 0 || !got.Oldest().IsZero() {
		t.Fatalf("before anything went wrong: %+v", got)
	}
	p.Spoil(func(held map[string]exchange.Holding) {
		delete(held, feedtest.Licence(1))
		delete(held, feedtest.Licence(2))
		held[feedtest.Licence(3)] = old[feedtest.Licence(3)]
		held[feedtest.Licence(4)] = exchange.Holding{Licence: feedtest.Licence(4), Version: 1, Digest: "other"}
		held[feedtest.Licence(5)] = exchange.Holding{Licence: feedtest.Licence(5), Version: 9, Digest: "newer"}
		held[feedtest.Licence(99)] = exchange.Holding{Licence: feedtest.Licence(99), Version: 1}
		held["11010519491231002X"] = exchange.Holding{Licence: "11010519491231002X", Version: 1}
		held["zz"] = exchange.Holding{Licence: "zz", Version: 1}
	})
	got := r.compare(t, "wechat")
	want := map[Kind]int{Missing: 2, Behind: 1, Different: 1, Ahead: 1, Unexpected: 3}
	if !maps.Equal(counts(got), want) || got.Agreeing != 15 || got.Held != 21 || got.Diverged() != 8 || got.Waiting+got.Unsettled+got.Unclear != 0 {
		t.Fatalf("%+v", got)
	}
	if sample := got.Findings[Unexpected].Sample; !slices.Equal(sample, []string{feedtest.Licence(99)}) { // no foreign texts
		t.Errorf("sample %v", sample)
	}
	if !maps.Equal(got.Aspects, map[exchange.Aspect]int{exchange.AspectStatus: 3, exchange.AspectPoints: 1}) {
		t.Errorf("aspects %v", got.Aspects)
	}
	first, err := r.Book.Last(feedtest.Context(t), feedtest.Licence(1))
	if err != nil || !got.Oldest().Equal(first.State.Recorded) || !got.Findings[Behind].Oldest.After(got.Oldest()) {
		t.Errorf("oldest %s, want %s: %+v", got.Oldest(), first.State.Recorded, got.Findings)
	}
	if progress := r.repair(t, got); progress.Delivered != 4 || progress.Total != 4 {
		t.Errorf("repair %+v", progress)
	}
	if got := r.compare(t, "wechat"); !maps.Equal(counts(got), map[Kind]int{Ahead: 1, Unexpected: 3}) || got.Agreeing != 19 {
		t.Errorf("after the repair: %+v", got)
	}
	if purpose := p.Purposes()[0]; purpose.Operator != "op-1" || purpose.Code != "status-sync" {
		t.Errorf("asked for %+v", purpose)
	}
}

// What a platform said itself it was not told of, and what policy hides it can't lack.
func TestEchoesAndHiddenChangesAreNoDivergence(t *testing.T) {
	t.Parallel()
	_, receiver := feedtest.NewPlatform("wechat")
	r := newRig(t, nil, receiver)
	r.Grants["wechat"] = exchange.AspectStatus.Fields()
	r.Report(t, "police", 1, 1, zt("B"))
	r.Report(t, "police", 1, 2, pointed(3)) // hidden
	r.Report(t, "wechat", 2, 1, zt("B"))    // an echo, and nothing before it
	r.Report(t, "police", 3, 1, zt("B"))
	r.Drained(t, "wechat")
	r.Report(t, "wechat", 3, 2, zt("BD")) // an echo on top of what it was told
	r.Report(t, "police", 4, 1, pointed(3))
	r.Drained(t, "wechat")
	if got := r.compare(t, "wechat"); got.Diverged() != 0 || got.Agreeing != 4 || got.Held != 2 {
		t.Errorf("%+v", got)
	}
}

// What policy does not show any more must not be held either.
func TestPolicyThatTurnedStricter(t *testing.T) {
	t.Parallel()
	_, receiver := feedtest.NewPlatform("wechat")
	r := newRig(t, nil, receiver)
	r.Report(t, "police", 1, 1, zt("B"))
	points := 3
	r.Report(t, "police", 2, 1, exchange.Facts{Status: "B", Points: &points})
	r.Drained(t, "wechat")
	r.Grants["wechat"] = exchange.AspectPoints.Fields() // everything is told by now, so nobody reads it
	got := r.compare(t, "wechat")
	if !maps.Equal(counts(got), map[Kind]int{Unexpected: 1, Different: 1}) {
		t.Fatalf("%+v", got)
	}
	r.repair(t, got)
	if got := r.compare(t, "wechat"); !maps.Equal(counts(got), map[Kind]int{Unexpected: 1}) {
		t.Errorf("after the repair: %+v", got)
	}
}

// What the cursor has not passed is on its way.
func TestWaitingIsNoDivergence(t *testing.T) {
	t.Parallel()
	p, receiver := feedtest.NewPlatform("wechat")
	r := newRig(t, nil, receiver)
	for n := range 6 {
		r.Report(t, "police", n, 1, zt("B"))
	}
	r.Drained(t, "wechat")
	p.React(func(exchange.Notice) error { return &exchange.Error{Code: exchange.SourceDown} })
	r.Report(t, "police", 1, 2, zt("BD"))
	r.Report(t, "police", 7, 1, zt("B"))
	if got := r.compare(t, "wechat"); got.Diverged() != 0 || got.Waiting != 2 || got.Agreeing != 5 || got.Known != 7 {
		t.Errorf("%+v", got)
	}
}

// A licence that changes under the look is looked at again, and is no divergence.
func TestChangeDuringTheComparison(t *testing.T) {
	t.Parallel()
	p, receiver := feedtest.NewPlatform("wechat")
	r := newRig(t, nil, receiver)
	for n := range 3 {
		r.Report(t, "police", n, 1, zt("B"))
	}
	r.Drained(t, "wechat")
	lose := func(held map[string]exchange.Holding) { delete(held, feedtest.Licence(1)) } // so that it is a suspect
	p.Spoil(lose)
	minute := 1
	p.Asked(func(after string) {
		if after == feedtest.Licence(0) && minute < 2 { // the look for licence 1, which is told of meanwhile
			minute++
			r.Report(t, "police", 1, minute, zt("BD"))
			r.Drained(t, "wechat")
		}
	})
	if got := r.compare(t, "wechat"); got.Diverged() != 0 || got.Agreeing != 3 || minute != 2 {
		t.Errorf("settled later: %+v", got)
	}
	p.Spoil(lose)
	letters := []exchange.StatusSet{"B", "BD"}
	p.Asked(func(after string) {
		if after == feedtest.Licence(0) {
			minute++
			r.Report(t, "police", 1, minute, zt(letters[minute%2]))
		}
	})
	if got := r.compare(t, "wechat"); got.Diverged() != 0 || got.Unsettled != 1 {
		t.Errorf("never settled: %+v", got)
	}
}

func TestHoldersThatCannotBeBelieved(t *testing.T) {
	t.Parallel()
	p, receiver := feedtest.NewPlatform("wechat")
	r := newRig(t, nil, receiver)
	for n := range 7 {
		r.Report(t, "police", n, 1, zt("B"))
	}
	r.Drained(t, "wechat")
	if _, err := r.Compare(feedtest.Context(t), "zheliban", "op-1", nil); exchange.CodeOf(err) != exchange.OperationNotOffered || r.Can("zheliban") {
		t.Errorf("a platform that can't: %v", err)
	}
	few := *r.Reconciler
	few.cfg.MaxHeld = 5
	if _, err := few.Compare(feedtest.Context(t), "wechat", "op-1", nil); exchange.CodeOf(err) != exchange.SourceInvalid {
		t.Errorf("an endless list: %v", err)
	}
	liar := *r.Reconciler
	liar.cfg.Holders = listed(map[string]Holder{"wechat": {Holdings: disorderly{p}}})
	if _, err := liar.Compare(feedtest.Context(t), "wechat", "op-1", nil); exchange.CodeOf(err) != exchange.SourceInvalid {
		t.Errorf("disorder: %v", err)
	}
	var shown []Progress
	if _, err := r.Compare(feedtest.Context(t), "wechat", "op-1", func(p Progress) { shown = append(shown, p) }); err != nil || len(shown) < 3 || shown[2].Held != 7 {
		t.Errorf("progress %+v, %v", shown, err)
	}
}

type disorderly struct{ *feedtest.Platform }

func (d disorderly) Held(context.Context, exchange.Purpose, string) ([]exchange.Holding, error) {
	return []exchange.Holding{{Licence: "b"}, {Licence: "a"}}, nil
}

func TestUnreadableEntriesAndValues(t *testing.T) {
	t.Parallel()
	p, receiver := feedtest.NewPlatform("wechat")
	receiver.Holdings = speechless{p}
	r := newRig(t, nil, receiver)
	r.Report(t, "police", 1, 1, zt("B"))
	r.Drained(t, "wechat")
	if _, err := r.Ledger.Put(feedtest.Context(t), feedtest.Licence(2), []byte("not sealed at all, but long enough"), 0); err != nil {
		t.Fatal(err)
	}
	if got := r.compare(t, "wechat"); got.Unclear != 2 || got.Diverged() != 0 || got.Known != 2 {
		t.Errorf("%+v", got)
	}
}

// speechless can't write a notice.
type speechless struct{ *feedtest.Platform }

func (speechless) Expected(exchange.Notice) (exchange.Holding, error) {
	return exchange.Holding{}, errors.New("no column")
}
