package changefeed

import (
	"context"
	"fmt"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// passage is the way to another gateway that speaks our contract: a notice arrives there as a report.
type passage struct {
	to       *Intake
	reporter string // the id under which the other side knows us
}

func (p passage) Apply(ctx context.Context, n exchange.Notice) error {
	r := &exchange.Report{
		ID: fmt.Sprintf("%s-%s-%d", p.reporter, n.Licence, n.Version), Reporter: p.reporter, Licence: n.Licence, Subject: n.Subject, Region: n.Region,
		Happened: n.Happened, Origin: n.Origin, Via: n.Via,
	}
	for _, field := range n.Fields {
		if states, ok := field.Value.([]exchange.StatusState); ok {
			for _, state := range states {
				r.Facts.Status += exchange.StatusSet(state.Code)
			}
		}
	}
	_, err := p.to.Report(ctx, r)
	return err
}

// TestNothingGoesRound connects two gateways in both directions. Either the sender knows which gateway is behind its platform, or the
// receiver finds itself on the list.
func TestNothingGoesRound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		knows    bool
		echoes   int
		outcomes string
	}{
		"the sender knows":       {true, 1, "[accepted]"},
		"the receiver finds out": {false, 0, "[accepted duplicate]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := newRig(t), newRig(t)
			b.intake.Gateway = "gateway-b"
			a.intake.Announcers, b.intake.Announcers = ranks{"police": exchange.RankAuthority, "from-b": exchange.RankPlatform}, ranks{"from-a": exchange.RankPlatform}
			a.grants["to-b"], b.grants["to-a"] = []exchange.Field{"status"}, []exchange.Field{"status"}
			connect := func(r *rig, endpoint Endpoint, gateway string) {
				r.start(t, func(c *Config) { c.Endpoints, c.Gateway = []Endpoint{endpoint}, gateway })
			}
			toA := Endpoint{Platform: "to-a", Receiver: passage{a.intake, "from-b"}}
			if c.knows {
				toA.Gateway = "gateway-a"
			}
			connect(a, Endpoint{Platform: "to-b", Receiver: passage{b.intake, "from-a"}}, "gateway-a")
			connect(b, toA, "gateway-b")
			report(t, a.intake, reported(t, "police", 1, 1, zt("BD")))
			a.drained(t, "to-b")
			b.drained(t, "to-a")
			for side, r := range map[string]*rig{"a": a, "b": b} {
				known, err := r.intake.Book.Last(t.Context(), licenceKey(1))
				if err != nil || known.State == nil || known.State.Version != 1 || known.State.Stands.Status != "BD" || known.State.Change.Origin != "police" {
					t.Errorf("%s knows %+v, %v", side, known.State, err)
				}
			}
			if got := fmt.Sprint(a.records.outcomes(exchange.ChangeReport)); got != c.outcomes || b.count("to-a", OutcomeEcho) != c.echoes {
				t.Errorf("reports at a: %s; echoes at b: %d", got, b.count("to-a", OutcomeEcho))
			}
		})
	}
}
