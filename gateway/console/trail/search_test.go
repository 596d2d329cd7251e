package trail

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

// log has one record a second, the last one at noon; every tenth is zheliban's.
type log struct {
	head uint64
	bad  error
}

func (l log) Head() uint64 { return l.head }

func (l log) Scan(_ context.Context, from uint64, visit func(uint64, *evidence.Entry) error) error {
	for i := from; i < l.head; i++ {
		e := evidence.Entry{Record: exchange.Record{ID: fmt.Sprintf("ID-%d", i), Time: noon.Add(-time.Duration(l.head-1-i) * time.Second), Platform: "suishenban", Subject: "aa"}}
		if i%10 == 0 {
			e.Platform, e.Subject = "zheliban", "bb"
		}
		if err := visit(i, &e); err != nil {
			return fmt.Errorf("wrapped: %w", err)
		}
	}
	return l.bad
}

func TestSearch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		head, before uint64
		q            query
		found, read  int
		first        uint64
		whole        bool
	}{
		"the newest":         {5000, math.MaxUint64, query{}, 50, 50, 4999, false},
		"goes on":            {5000, 4950, query{}, 50, 50, 4949, false},
		"a platform":         {5000, math.MaxUint64, query{Platform: "zheliban"}, 50, 500, 4990, false},
		"a person":           {300, math.MaxUint64, query{Subject: "BB"}, 30, 300, 290, true},
		"a decision":         {5000, math.MaxUint64, query{Decision: "id-4700"}, 1, 500, 4700, false},
		"nobody":             {900, math.MaxUint64, query{Platform: "x"}, 0, 900, 0, true},
		"so far and no more": {30_000, math.MaxUint64, query{Platform: "x"}, 0, mostRead, 0, false},
		"a period":           {5000, math.MaxUint64, query{From: noon.Add(-20 * time.Second), Until: noon.Add(-10 * time.Second)}, 10, 500, 4988, true},
		"before a period":    {5000, math.MaxUint64, query{Until: noon.Add(-4990 * time.Second)}, 9, 5000, 8, true},
		"an empty log":       {0, math.MaxUint64, query{}, 0, 0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, err := search(t.Context(), log{head: c.head}, c.q, c.before)
			if err != nil || len(o.Found) != c.found || o.Read != c.read || o.Whole != c.whole || c.found > 0 && o.Found[0].Index != c.first {
				t.Errorf("found %d, read %d, whole %v, back to %d, %v", len(o.Found), o.Read, o.Whole, o.Back, err)
			}
			for i := 1; i < len(o.Found); i++ {
				if o.Found[i].Index >= o.Found[i-1].Index {
					t.Fatal("not the newest first")
				}
			}
		})
	}
}

func TestSearchFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	if _, err := search(t.Context(), log{head: 10, bad: broken}, query{}, math.MaxUint64); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := search(ctx, log{head: 10}, query{}, math.MaxUint64); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func BenchmarkSearch(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := search(b.Context(), log{head: 30_000}, query{Platform: "x"}, math.MaxUint64); err != nil {
			b.Fatal(err)
		}
	}
}
