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
