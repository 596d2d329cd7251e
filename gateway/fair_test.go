package gateway_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// A platform that was away gets no credit for its absence, also if it comes back while all places are taken: those who were there all the
// time go on getting their share.
func TestAbsenceEarnsNoCredit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const places = 8
		all := gateway.PlatformQuota{Queries: gateway.Quota{InFlight: places}}
		quotas := gateway.NewQuotas(gateway.QuotaConfig{
			Limits: gateway.Limits{InFlight: places}, Platforms: map[string]gateway.PlatformQuota{"steady": all, "back": all},
		}, testNow)
		for range 1000 { // its history
			enter(t, quotas, "steady").Leave()
		}
		var taken []*gateway.Place
		for range places {
			taken = append(taken, enter(t, quotas, "steady"))
		}
		came, leave := make(chan string, 2*places), make(chan struct{})
		for range places {
			for _, platform := range []string{"back", "steady"} {
				go func() {
					place := enter(t, quotas, platform)
					came <- platform
					<-leave
					place.Leave()
				}()
			}
		}
		synctest.Wait() // all stand in line
		for _, place := range taken {
			place.Leave()
			synctest.Wait()
		}
		steady := 0
		for range len(came) {
			if <-came == "steady" {
				steady++
			}
		}
		close(leave)
		synctest.Wait()
		if steady < places/2-1 || steady > places/2+1 {
			t.Errorf("of %d places the steady one got %d", places, steady)
		}
	})
}

func enter(t *testing.T, quotas *gateway.Quotas, platform string) *gateway.Place {
	t.Helper()
	place, _, err := quotas.Enter(t.Context(), gateway.Queries, platform, time.Hour)
	if err != nil {
		t.Error(err)
	}
	return place
}

// Whoever leaves the line without a place has what it took of its rate again, and is told whose doing it was.
func TestWhoGotNoPlaceKeepsItsRate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		holder string // of a place
		hangUp bool
		code   exchange.Code
		counts bool // as a refusal
	}{
		"its own share":   {"asking", false, exchange.QuotaExceeded, true},
		"others' places":  {"other", false, exchange.Overloaded, true},
		"it hung up":      {"other", true, exchange.Overloaded, false},
		"it hung up, own": {"asking", true, exchange.Overloaded, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				quotas := gateway.NewQuotas(gateway.QuotaConfig{
					Limits: gateway.Limits{InFlight: map[bool]int{true: 2, false: 1}[c.holder == "asking"]},
					Platforms: map[string]gateway.PlatformQuota{
						"asking": {Queries: gateway.Quota{PerSecond: 0.001, Burst: 2, InFlight: 1}}, "other": {},
					},
				}, testNow)
				held := enter(t, quotas, c.holder)
				ctx, hangUp := context.WithCancel(t.Context())
				defer hangUp()
				if c.hangUp {
					go func() {
						time.Sleep(time.Second) // of the bubble
						hangUp()
					}()
				}
				_, standing, err := quotas.Enter(ctx, gateway.Queries, "asking", time.Minute)
				failure, ok := errors.AsType[*exchange.Error](err)
				if !ok || failure.Code != c.code || failure.RetryAfter <= 0 || errors.Is(err, context.Canceled) != c.hangUp {
					t.Errorf("it came out as %v", err)
				}
				if standing == (gateway.Standing{}) {
					t.Error("nothing is said about how the platform stands")
				}
				if got := refusals(t, quotas) == 1; got != c.counts {
					t.Errorf("counted as a refusal: %t", got)
				}
				held.Leave()
				left := 2
				if c.holder == "asking" {
					left--
				}
				for range left {
					enter(t, quotas, "asking").Leave()
				}
				if _, _, err := quotas.Enter(t.Context(), gateway.Queries, "asking", time.Minute); err == nil {
					t.Error("more came back than was taken")
				}
			})
		})
	}
}

// refusals sums what the metrics say.
func refusals(t *testing.T, quotas *gateway.Quotas) (sum float64) {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(quotas)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "zhengqiao_quota_refusals_total" {
			for _, metric := range family.GetMetric() {
				sum += metric.GetCounter().GetValue()
			}
		}
	}
	return sum
}
