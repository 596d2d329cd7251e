package impact

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/zhengqiao/zhengqiao/policies"
)

// Replay decides inputs by two policies and counts how they differ. It belongs to one goroutine.
type Replay struct {
	baseline, candidate *policies.Engine
	unread              string // what one of them reads and inputs don't keep; empty: nothing
	tellsApart          bool   // one of them decides by who the operator is, whom inputs mask
	report              Report
	pairs               map[likeness]*pair
	changes             map[key]*Change
	groups              map[[2]string]*Affected
	unkept              map[string]*Unkept
}

// pair is how the two decide inputs that are alike.
type pair struct {
	before      *verdict
	differences []Difference
}

// likeness is by what inputs are told to be alike: by what each of the two reads, and by where they are counted.
type likeness struct {
	group
	before, after string
}

// New readies a replay.
func New(baseline, candidate *policies.Engine) *Replay {
	r := &Replay{
		baseline: baseline, candidate: candidate, pairs: map[likeness]*pair{}, changes: map[key]*Change{}, groups: map[[2]string]*Affected{},
		unkept: map[string]*Unkept{}, report: Report{Baseline: baseline.Revision(), Candidate: candidate.Revision()},
	}
	r.tellsApart = candidate.TellsOperatorsApart(operatorWords()...) || baseline.TellsOperatorsApart(operatorWords()...)
	if member := cmp.Or(unkept(candidate.Reads()), unkept(baseline.Reads())); member != "" {
		r.unread = "the rules read input." + member + ", which records don't keep"
	}
	return r
}

// Add decides one input. Its only error is that ctx ended.
func (r *Replay) Add(ctx context.Context, in *Input) error {
	r.span(in)
	if why := r.why(in); why != "" {
		r.leaveOut(in, why)
		return nil
	}
	p, err := r.pair(ctx, in)
	if err != nil {
		return err
	}
	r.count(in, p)
	return nil
}

func (r *Replay) span(in *Input) {
	r.report.Decisions++
	if r.report.From.IsZero() || in.At.Before(r.report.From) {
		r.report.From = in.At
	}
	if in.At.After(r.report.Until) {
		r.report.Until = in.At
	}
}

// Doubt says why an input, decided again by one policy, may come out otherwise than it did, "" if it can't: the rules read something that
// records mask or don't keep.
func Doubt(by *policies.Engine, in *Input) string { return New(by, by).why(in) }

// why says why an input can't be decided again, "" if it can.
func (r *Replay) why(in *Input) string {
	if in.Announcement() { // whose rules read an input of their own, all of which is kept
		return in.Unkept
	}
	if why := cmp.Or(in.Unkept, r.unread); why != "" || !r.tellsApart || in.Purpose.Operator != Masked {
		return why
	}
	return "the rules decide by who input.purpose.operator is, whom records show masked here"
}

func (r *Replay) leaveOut(in *Input, why string) {
	u := r.unkept[why]
	if u == nil {
		u = &Unkept{Reason: why}
		r.unkept[why] = u
	}
	u.Count++
	u.Samples = sample(u.Samples, in.ID)
}

// remembered bounds the pairs kept. Beyond it inputs are decided one by one, which takes longer and nothing else.
const remembered = 1 << 17

// pair decides an input, or finds how one like it was decided.
func (r *Replay) pair(ctx context.Context, in *Input) (*pair, error) {
	like, ok, err := r.likeness(ctx, in)
	if err != nil {
		return nil, err
	}
	if known := r.pairs[like]; ok && known != nil {
		return known, nil
	}
	before, err := decide(ctx, r.baseline, in)
	if err != nil {
		return nil, err
	}
	after, err := decide(ctx, r.candidate, in)
	if err != nil {
		return nil, err
	}
	r.report.Distinct++
	p := &pair{before, compare(before, after)}
	if ok && len(r.pairs) < remembered {
		r.pairs[like] = p
	}
	return p, nil
}

// likeness gives by what an input is like others; ok is false where each is one of its own. Who can't tell decides.
func (r *Replay) likeness(ctx context.Context, in *Input) (like likeness, ok bool, err error) {
	like.group = groupOf(in)
	if in.Announcement() {
		return like, false, nil
	}
	var known, alike bool
	if like.before, known, err = r.baseline.Likeness(ctx, in.Request()); err == nil && known {
		like.after, alike, err = r.candidate.Likeness(ctx, in.Request())
	}
	if ctx.Err() != nil {
		return like, false, context.Cause(ctx)
	}
	return like, err == nil && alike, nil
}

func groupOf(in *Input) group { return group{in.Platform, in.Purpose.Code, in.Operation} }

// count counts an input by how it is decided.
func (r *Replay) count(in *Input, p *pair) {
	g := r.group(in)
	g.Decisions++
	r.report.Replayed++
	if in.Revision == r.report.Baseline && !p.before.asRecorded(in) {
		r.report.Unlike.Count++
		r.report.Unlike.Samples = sample(r.report.Unlike.Samples, in.ID)
	}
	if len(p.differences) > 0 {
		g.Changed++
		r.report.Changed++
	}
	for _, d := range p.differences {
		switch d.Kind {
		case Opened:
			g.Opened++
		case Closed:
			g.Closed++
		}
		c := r.change(groupOf(in), d)
		c.Count++
		c.Samples = sample(c.Samples, in.ID)
	}
}

func (r *Replay) group(in *Input) *Affected {
	name := [2]string{in.Platform, in.Purpose.Code}
	g := r.groups[name]
	if g == nil {
		g = &Affected{Platform: in.Platform, Purpose: in.Purpose.Code}
		r.groups[name] = g
	}
	return g
}

func (r *Replay) change(of group, d Difference) *Change {
	k := key{of, d.Kind, d.Field, d.From, d.To}
	c := r.changes[k]
	if c == nil {
		c = &Change{Platform: of.platform, Purpose: of.purpose, Operation: of.operation, Kind: d.Kind, Field: d.Field, From: d.From, To: d.To, Widens: d.Widens}
		r.changes[k] = c
		r.report.Widens = r.report.Widens || d.Widens
	}
	return c
}

// Report gives what was found so far, in a fixed order.
func (r *Replay) Report() *Report {
	report := r.report
	report.Changes, report.Groups, report.Unkept = []Change{}, []Affected{}, []Unkept{}
	for _, c := range r.changes {
		report.Changes = append(report.Changes, *c)
	}
	inOrder(report.Changes)
	for _, name := range slices.SortedFunc(maps.Keys(r.groups), compareNames) {
		report.Groups = append(report.Groups, *r.groups[name])
	}
	for _, reason := range slices.Sorted(maps.Keys(r.unkept)) {
		report.Unkept = append(report.Unkept, *r.unkept[reason])
	}
	return &report
}

func compareNames(a, b [2]string) int { return slices.Compare(a[:], b[:]) }
