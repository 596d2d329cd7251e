package policies_test

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// TestRecalledRanksAreAsWritten: whoever was answered before, each announcement is answered as the rules are written.
func TestRecalledRanksAreAsWritten(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, policies.Embedded())
	if !engine.RecallsRanks() {
		t.Fatal("the rules that come with the program are asked each time")
	}
	reporters := []string{"suishenban", "zheliban", "wechat-city", "tmri", "zheliban-sharing", "nobody", "su", ""}
	rapid.Check(t, func(t *rapid.T) {
		reporter := rapid.SampledFrom(reporters).Draw(t, "reporter")
		region := rapid.SampledFrom([]exchange.Region{"310000", "330000", "31", ""}).Draw(t, "region")
		aspects := rapid.SliceOfN(rapid.SampledFrom(exchange.Aspects()), 0, 3).Draw(t, "aspects")
		for _, now := range []time.Time{noon, noon.Add(time.Hour)} {
			rank, err := engine.Rank(t.Context(), reporter, region, aspects, now)
			wantRank, wantErr := engine.RankAsWritten(t.Context(), reporter, region, aspects, now)
			if rank != wantRank || !reflect.DeepEqual(refusal(err), refusal(wantErr)) {
				t.Fatalf("rank %d, error %v; as written %d, %v", rank, err, wantRank, wantErr)
			}
			if refused := refusal(err); len(refused) > 0 {
				refused[0].Code = "spoilt" // it is this caller's own
			}
		}
	})
}

func refusal(err error) []exchange.Reason {
	if known, ok := errors.AsType[*exchange.Error](err); ok {
		return known.Reasons
	}
	return nil
}

// TestRanksByTheMomentAreNotRecalled: a rule that reads the clock is asked each time.
func TestRanksByTheMomentAreNotRecalled(t *testing.T) {
	t.Parallel()
	engine := announcing(t, `result := {"rank": "authority", "reasons": set()} if input.now < `+strconv.FormatInt(noon.UnixMilli(), 10)+`
else := {"rank": "province", "reasons": set()}`)
	for _, at := range []struct {
		now  time.Time
		want exchange.Rank
	}{{noon.Add(-time.Second), exchange.RankAuthority}, {noon.Add(time.Second), exchange.RankProvince}, {noon.Add(-time.Second), exchange.RankAuthority}} {
		rank, err := engine.Rank(t.Context(), "suishenban", "310000", exchange.Aspects(), at.now)
		if rank != at.want || err != nil {
			t.Errorf("at %v: rank %d, error %v, want %d", at.now, rank, err, at.want)
		}
	}
}

// TestTroubleIsNotRecalled: who was cut short once is answered the next time.
func TestTroubleIsNotRecalled(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, policies.Embedded())
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := engine.Rank(gone, "suishenban", "310000", exchange.Aspects(), noon); exchange.CodeOf(err) != exchange.PolicyUnavailable {
		t.Errorf("error %v", err)
	}
	if _, err := engine.Rank(t.Context(), "suishenban", "310000", exchange.Aspects(), noon); exchange.CodeOf(err) == exchange.PolicyUnavailable {
		t.Errorf("error %v", err)
	}
}

func BenchmarkRank(b *testing.B) {
	engine := newEngine(b, policies.Embedded())
	aspects, now := []exchange.Aspect{exchange.AspectStatus}, noon
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(time.Millisecond)
		if _, err := engine.Rank(b.Context(), "suishenban", "310000", aspects, now); err != nil {
			b.Fatal(err)
		}
	}
}
