package lights

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/zhengqiao/zhengqiao/watch"
)

// The picture's measures, in its own units; it scales with the page. Sources and reporters stand on the left, who is told on the right.
const (
	nodeWidth   = 330
	nodeHeight  = 34
	nodeGap     = 8
	pictureWide = 1120
	mostNodes   = 11 // on a side; the rest are one node
)

// picture is a drawing of platforms and of what flows between them.
type picture struct {
	Width, Height int
	Left, Right   []node
	Edges         []edge
}

// node is a platform on one side. Rest counts the platforms that it stands for, 0: itself.
type node struct {
	ID     string
	Region string
	Colour watch.Colour
	Known  bool // it is an adapter with a page
	Rest   int
	Rate   float64 // per minute, of all that it gives or gets
	Lag    float64
	Y      int
}

// edge is what flows from one node to another, of one kind.
type edge struct {
	watch.Flow
	Path  string
	Width float64
}

// draw lays the picture out. Of many platforms it shows those that are worst, and then the busiest.
func draw(o *watch.Overview) picture {
	left, right := sides(o)
	p := picture{Width: pictureWide, Left: place(left), Right: place(right)}
	p.Height = max(len(p.Left), len(p.Right))*(nodeHeight+nodeGap) - nodeGap
	p.Height = max(p.Height, nodeHeight)
	p.connect(o.Flows)
	return p
}

// sides gives the platforms of each side by id. Who never gave anything is still there: that nothing flows is worth seeing.
func sides(o *watch.Overview) (left, right map[string]*node) {
	left, right = map[string]*node{}, map[string]*node{}
	for i := range o.Adapters {
		a := &o.Adapters[i]
		for _, role := range a.Roles {
			side := left
			if role == "receiver" || role == "frontdb" {
				side = right
			}
			side[a.ID] = &node{ID: a.ID, Region: a.Region, Colour: a.Worst(), Known: true, Lag: a.OldestUndelivered}
		}
	}
	for _, flow := range o.Flows {
		for side, id := range map[*map[string]*node]string{&left: flow.From, &right: flow.To} {
			if (*side)[id] == nil {
				(*side)[id] = strange(o, id)
			}
			(*side)[id].Rate += flow.PerMinute
		}
	}
	return left, right
}

// strange makes the node of who is on this side only by what flows: an adapter of the other side, or a caller, whose state nobody watches.
func strange(o *watch.Overview, id string) *node {
	for i := range o.Adapters {
		if a := &o.Adapters[i]; a.ID == id {
			return &node{ID: id, Region: a.Region, Colour: a.Worst(), Known: true}
		}
	}
	return &node{ID: id}
}

// place orders a side, folds what is too much into one node, and says where each stands.
func place(side map[string]*node) []node {
	var all []node
	for _, n := range slices.SortedFunc(maps.Values(side), func(a, b *node) int {
		return cmp.Or(urgency(b)-urgency(a), cmp.Compare(b.Rate, a.Rate), cmp.Compare(a.ID, b.ID))
	}) {
		all = append(all, *n)
	}
	if len(all) > mostNodes {
		all = fold(all)
	}
	for i := range all {
		all[i].Y = i * (nodeHeight + nodeGap)
	}
	return all
}

// urgency puts what needs somebody first; grey is no reason to push aside who works.
func urgency(n *node) int {
	if b := badness(n.Colour); n.Colour != "" && b >= 2 {
		return b
	}
	return 0
}

func fold(all []node) []node {
	rest := node{Rest: len(all) - mostNodes + 1}
	for _, n := range all[mostNodes-1:] {
		rest.Rate += n.Rate
		rest.Lag = max(rest.Lag, n.Lag)
		if rest.Colour == "" || badness(n.Colour) > badness(rest.Colour) {
			rest.Colour = n.Colour
		}
	}
	return append(all[:mostNodes-1:mostNodes-1], rest)
}

// connect draws the flows, those of folded platforms together, the worst last so that they lie on top.
func (p *picture) connect(flows []watch.Flow) {
	type line struct{ from, to, kind string }
	lines := map[line]*watch.Flow{}
	for _, flow := range flows {
		from, to := at(p.Left, flow.From), at(p.Right, flow.To)
		key := line{from.ID, to.ID, flow.Kind}
		if lines[key] == nil {
			lines[key] = &watch.Flow{From: from.ID, To: to.ID, Kind: flow.Kind, Colour: flow.Colour}
		}
		one := lines[key]
		one.PerMinute, one.Lag = one.PerMinute+flow.PerMinute, max(one.Lag, flow.Lag)
		if badness(flow.Colour) > badness(one.Colour) {
			one.Colour = flow.Colour
		}
	}
	for _, flow := range lines {
		p.Edges = append(p.Edges, edge{*flow, curve(at(p.Left, flow.From).Y, at(p.Right, flow.To).Y, flow.Kind), width(flow.PerMinute)})
	}
	slices.SortFunc(p.Edges, func(a, b edge) int {
		return cmp.Or(badness(a.Colour)-badness(b.Colour), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Kind, b.Kind))
	})
}

// at gives the node of an id, or the one that it was folded into.
func at(side []node, id string) node {
	for _, n := range side {
		if n.ID == id && n.Rest == 0 {
			return n
		}
	}
	return side[len(side)-1]
}

// curve is the path from a node's right side to another's left side. The two kinds lie beside one another.
func curve(from, to int, kind string) string {
	y := nodeHeight/2 - 4
	if kind == "change" {
		y = nodeHeight/2 + 4
	}
	const bend = (pictureWide - 2*nodeWidth) / 2
	return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", nodeWidth, from+y, nodeWidth+bend, from+y, pictureWide-nodeWidth-bend, to+y, pictureWide-nodeWidth, to+y)
}

// width grows with the logarithm of the rate, from 1.2 to 6.
func width(perMinute float64) float64 {
	return math.Round(10*min(6, 1.2+math.Log10(1+max(0, perMinute))*1.5)) / 10
}
