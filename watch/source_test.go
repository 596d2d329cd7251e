package watch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// everything is a source and a receiver that takes its time and fails when told to.
type everything struct {
	clock *fakeClock
	err   error
}

func (e everything) work(ctx context.Context) error {
	Waited(ctx, 30*time.Millisecond)
	e.clock.turn(40 * time.Millisecond)
	return e.err
}

func (e everything) Licence(ctx context.Context, _ exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	return exchange.Sighting[exchange.Licence]{AsOf: e.clock.now()}, e.work(ctx)
}

func (e everything) Violations(ctx context.Context, _ exchange.SourceRequest) (exchange.Sighting[[]exchange.Violation], error) {
	return exchange.Sighting[[]exchange.Violation]{AsOf: e.clock.now()}, e.work(ctx)
}

func (e everything) Picture(ctx context.Context, _ exchange.SourceRequest) (exchange.Sighting[exchange.Picture], error) {
	return exchange.Sighting[exchange.Picture]{AsOf: e.clock.now()}, e.work(ctx)
}

func (e everything) Match(ctx context.Context, _ exchange.SourceRequest) (exchange.IdentityVerdict, error) {
	return exchange.IdentityMatches, e.work(ctx)
}

func (e everything) Changed(ctx context.Context, _ exchange.ChangesQuestion) (exchange.ChangedPage, error) {
	return exchange.ChangedPage{}, e.work(ctx)
}

func (e everything) Apply(ctx context.Context, _ exchange.Notice) error { return e.work(ctx) }

func (e everything) Held(ctx context.Context, _ exchange.Purpose, _ string) ([]exchange.Holding, error) {
	return nil, e.work(ctx)
}

func (e everything) Expected(exchange.Notice) (exchange.Holding, error) {
	return exchange.Holding{Digest: "d"}, nil
}

func TestEveryQuestionToASourceIsSeen(t *testing.T) {
	t.Parallel()
	r := newRig()
	e := everything{clock: r.clock}
	seen := r.Source(&exchange.Source{ID: "a", Licences: e, Violations: e, Pictures: e, Identities: e, Changes: e})
	ctx, request := t.Context(), exchange.SourceRequest{Caller: "suishenban"}
	for name, ask := range map[string]func() error{
		"licence":    func() error { _, err := seen.Licences.Licence(ctx, request); return err },
		"violations": func() error { _, err := seen.Violations.Violations(ctx, request); return err },
		"picture":    func() error { _, err := seen.Pictures.Picture(ctx, request); return err },
		"identity":   func() error { _, err := seen.Identities.Match(ctx, request); return err },
		"changes":    func() error { _, err := seen.Changes.Changed(ctx, exchange.ChangesQuestion{}); return err },
		"canary":     func() error { _, err := seen.Licences.Licence(AsCanary(ctx), request); return err },
	} {
		before := r.Overview().Adapters[0].FiveMinutes.Tried
		if err := ask(); err != nil || r.Overview().Adapters[0].FiveMinutes.Tried != before+1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	shown := r.Overview()
	a := shown.Adapters[0]
	if a.OwnLatency.P50 < .010 || a.OwnLatency.P50 > .012 || a.SourceLatency.P50 < .030 || a.SourceLatency.P50 > .034 || a.Lights[2].Colour != Grey {
		t.Errorf("%+v", a)
	}
	if len(shown.Flows) != 1 || shown.Flows[0] != (Flow{"a", "suishenban", "query", .8, 0, Green}) { // four in five minutes
		t.Errorf("%+v", shown.Flows)
	}
	if none := r.Source(&exchange.Source{ID: "a"}); none.Licences != nil || none.Violations != nil || none.Pictures != nil || none.Identities != nil || none.Changes != nil {
		t.Error("a source offers what it did not")
	}
}

func TestEveryNoticeToAReceiverIsSeen(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.Add(Part{ID: "b", Role: "receiver"})
	var told []uint64
	e := everything{clock: r.clock}
	seen := r.Receiver(&exchange.Receiver{ID: "b", Changes: e, Holdings: e}, func(receiver string, n *exchange.Notice, _ time.Time) { told = append(told, n.Version) })
	notice := exchange.Notice{Origin: "suishenban", Version: 3, Happened: r.clock.now()}
	if err := seen.Changes.Apply(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	if _, err := seen.Holdings.Held(t.Context(), exchange.Purpose{}, ""); err != nil {
		t.Fatal(err)
	}
	if expected, err := seen.Holdings.Expected(notice); err != nil || expected.Digest != "d" {
		t.Error(err)
	}
	e.err = &exchange.Error{Code: exchange.SourceDown}
	failing := r.Receiver(&exchange.Receiver{ID: "b", Changes: e}, nil)
	if err := failing.Changes.Apply(t.Context(), notice); !errors.Is(err, e.err) || failing.Holdings != nil {
		t.Error(err)
	}
	shown := r.Overview()
	if rate := shown.Adapters[1].FiveMinutes; rate != (Rate{3, 2}) || len(told) != 1 || told[0] != 3 {
		t.Errorf("%+v, told %v", rate, told)
	}
	if len(shown.Flows) != 1 || shown.Flows[0].From != "suishenban" || shown.Flows[0].To != "b" || shown.Flows[0].Kind != "change" || shown.Flows[0].Lag != .04 {
		t.Errorf("%+v", shown.Flows)
	}
}

func TestFlowsAreBounded(t *testing.T) {
	t.Parallel()
	f := newFlows()
	for i := range maxFlows + 10 {
		f.add(at(0), flowKey{from: "a", to: string(rune(i + 0x4e00)), kind: flowQuery}, 0)
	}
	if len(f.all) != maxFlows {
		t.Errorf("%d flows", len(f.all))
	}
}
