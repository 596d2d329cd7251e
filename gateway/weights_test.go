package gateway_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway"
)

// Of the places that come free, each platform in line gets as many as its weight says, however many stand in the lines.
func TestWeightsShareThePlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		heavy, light int // weights
		want         int // of eight places, the heavy one's
	}{
		"alike":        {1, 1, 4},
		"three to one": {3, 1, 6},
		"seven to one": {7, 1, 7},
		"not stated":   {0, 0, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if got := heavyShare(t, c.heavy, c.light); got != c.want {
					t.Errorf("weights %d and %d: the heavy one got %d of 8 places, want %d", c.heavy, c.light, got, c.want)
				}
			})
		})
	}
}

// heavyShare has two platforms stand in line, eight requests each, for eight places that come free one after another, and counts.
func heavyShare(t *testing.T, heavy, light int) int {
	t.Helper()
	const places = 8
	all := gateway.Quota{InFlight: places}
	quotas := gateway.NewQuotas(gateway.QuotaConfig{
		Limits: gateway.Limits{InFlight: places},
		Platforms: map[string]gateway.PlatformQuota{
			"first": {Queries: all}, "heavy": {Weight: heavy, Queries: all}, "light": {Weight: light, Queries: all},
		},
	}, testNow)
	var taken []*gateway.Place
	for range places {
		place, _, err := quotas.Enter(t.Context(), gateway.Queries, "first", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, place)
	}
	came := make(chan string, 2*places)
	leave := make(chan struct{})
	for range places {
		for _, platform := range []string{"heavy", "light"} {
			go func() {
				place, _, err := quotas.Enter(t.Context(), gateway.Queries, platform, time.Hour)
				if err != nil {
					t.Error(err)
				}
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
	got := 0
	for range len(came) {
		if <-came == "heavy" {
			got++
		}
	}
	close(leave)
	synctest.Wait()
	return got
}
