package lights

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func adapter(id string, colour watch.Colour, roles ...string) watch.Adapter {
	a := watch.Adapter{ID: id, Kind: "tmri", Region: "620000", Roles: roles}
	for i := range a.Lights {
		a.Lights[i].Colour = watch.Green
	}
	a.Lights[2].Colour = colour
	return a
}

func TestChoice(t *testing.T) {
	t.Parallel()
	red, green := adapter("a", watch.Red, "source"), adapter("b", watch.Green, "receiver", "push")
	for query, want := range map[string][2]bool{
		"": {true, true}, "q=甘肃": {true, true}, "q=GANSU": {true, true}, "q=B": {false, true}, "q=x": {false, false},
		"colour=red": {true, false}, "role=push": {false, true}, "region=620000": {true, true}, "region=310000": {false, false},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if c := chosen(values); c.takes(&red) != want[0] || c.takes(&green) != want[1] {
			t.Errorf("%s: %v %v", query, c.takes(&red), c.takes(&green))
		}
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	all := []watch.Adapter{adapter("a", watch.Green), adapter("b", watch.Grey), adapter("c", watch.Red), adapter("d", watch.Yellow)}
	all[0].OldestUndelivered, all[1].FiveMinutes, all[2].SourceLatency.P95, all[3].FiveMinutes = 9, watch.Rate{Tried: 4, Worked: 1}, 2, watch.Rate{Tried: 4, Worked: 2}
	for sort, want := range map[string]string{"worst": "cdba", "id": "abcd", "lag": "abcd", "success": "bdac", "latency": "cabd", "region": "abcd"} {
		sorted := slices.SortedFunc(slices.Values(all), choice{Sort: sort}.order())
		var got strings.Builder
		for _, a := range sorted {
			got.WriteString(a.ID)
		}
		if got.String() != want {
			t.Errorf("%s: %s, want %s", sort, &got, want)
		}
	}
}

func TestTroubles(t *testing.T) {
	t.Parallel()
	o := watch.Overview{Adapters: []watch.Adapter{adapter("new", watch.Red), adapter("soon", watch.Yellow), adapter("old", watch.Red), adapter("unseen", watch.Grey)}}
	o.Adapters[0].Lights[2].Since = time.Unix(2000, 0)
	o.Adapters[2].Lights[2].Since = time.Unix(1000, 0)
	found := troubles(&o)
	if len(found) != 3 || found[0].Adapter.ID != "old" || found[1].Adapter.ID != "new" || found[2].Adapter.ID != "soon" {
		t.Errorf("%+v", found)
	}
	if s := summarise(&o); s.Red != 2 || s.Yellow != 1 || s.Grey != 1 || s.Green != 0 {
		t.Errorf("%+v", s)
	}
}

// A picture of many shows the worst ones by name, folds the rest, and loses no flow.
func TestPictureOfMany(t *testing.T) {
	t.Parallel()
	var o watch.Overview
	for i := range 60 {
		colour := watch.Green
		if i == 59 {
			colour = watch.Red
		}
		o.Adapters = append(o.Adapters, adapter(fmt.Sprintf("s%02d", i), colour, "source"))
		o.Flows = append(o.Flows, watch.Flow{From: fmt.Sprintf("s%02d", i), To: "caller", Kind: "query", PerMinute: 2, Colour: colour})
	}
	p := draw(&o)
	if len(p.Left) != mostNodes || p.Left[0].ID != "s59" || p.Left[mostNodes-1].Rest != 60-mostNodes+1 || len(p.Right) != 1 || p.Right[0].Known {
		t.Errorf("left %+v, right %+v", p.Left, p.Right)
	}
	total := 0.0
	for _, e := range p.Edges {
		total += e.PerMinute
	}
	if total != 120 || p.Right[0].Rate != 120 || len(p.Edges) != mostNodes || p.Edges[len(p.Edges)-1].From != "s59" {
		t.Errorf("%d edges carry %v", len(p.Edges), total)
	}
}

func TestPictureOfNothing(t *testing.T) {
	t.Parallel()
	if p := draw(&watch.Overview{}); p.Height <= 0 || len(p.Edges)+len(p.Left)+len(p.Right) != 0 {
		t.Errorf("%+v", p)
	}
}

func BenchmarkDraw(b *testing.B) {
	var o watch.Overview
	for i := range 100 {
		o.Adapters = append(o.Adapters, adapter(fmt.Sprintf("s%02d", i), watch.Green, "source", "receiver"))
		for k := range 5 {
			o.Flows = append(o.Flows, watch.Flow{From: fmt.Sprintf("s%02d", i), To: fmt.Sprintf("s%02d", (i+k)%100), Kind: "change", PerMinute: 1})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		draw(&o)
	}
}
