package exchange

import (
	"slices"
	"testing"
)

// everything says something of every aspect.
func everything() Facts {
	return Facts{
		Status: "BD", Classes: []Class{"C1", "D"}, ValidUntil: Date{2030, 1, 1}, LongTerm: new(false), CardNumber: "310000000001",
		Replacements: new(1), IssuedOn: Date{2024, 1, 1}, Points: new(12), CycleEnd: Date{2027, 5, 9},
	}
}

func TestFactsOfALicence(t *testing.T) {
	t.Parallel()
	licence := fullLicence()
	f := FactsOf(&licence)
	if !slices.Equal(f.Said(), Aspects()) {
		t.Errorf("says %v", f.Said())
	}
	licence.LongTerm = !licence.LongTerm
	if *f.LongTerm == licence.LongTerm {
		t.Error("the facts change with the record")
	}
	if f := FactsOf(&Licence{IssuedOn: Date{2024, 1, 1}}); len(f.Said()) != 0 || f.LongTerm != nil {
		t.Errorf("an empty record says %v", f.Said())
	}
	if f := FactsOf(&Licence{LongTerm: true}); !f.Says(AspectValidity) || !*f.LongTerm {
		t.Error("a long-term licence says nothing of its term")
	}
}

// TestAspectsAreApart takes each aspect alone: it is said, agrees, differs and makes its own kind of event.
func TestAspectsAreApart(t *testing.T) {
	t.Parallel()
	kinds := map[Aspect]EventKind{
		AspectStatus: StatusAdded, AspectClasses: ClassChanged, AspectValidity: ValidityChanged, AspectReplacement: Replaced,
		AspectPoints: PointsChanged, AspectCycle: Cleared,
	}
	full := everything()
	for _, aspect := range Aspects() {
		var one Facts
		one.take(&full, aspect)
		if !slices.Equal(one.Said(), []Aspect{aspect}) {
			t.Errorf("%s: says %v", aspect, one.Said())
		}
		if !one.Agrees(&full, aspect) || one.Agrees(&Facts{}, aspect) || one.contradicts(&Facts{}, aspect) || one.contradicts(&full, aspect) {
			t.Errorf("%s: agreement", aspect)
		}
		events := Events(&Facts{}, &one)
		if len(events) == 0 || events[0].Kind != kinds[aspect] || events[0].Kind.Aspect() != aspect {
			t.Errorf("%s: events %v", aspect, events)
		}
		if !slices.ContainsFunc(aspect.Fields(), func(f Field) bool { return slices.Contains(Fields(ChangeDelivery), f) }) {
			t.Errorf("%s has no field", aspect)
		}
	}
	if Aspect("other").Fields() != nil || full.Says("other") || EventKind("other").Aspect() != "" {
		t.Error("an unknown aspect says something")
	}
}

func TestContradiction(t *testing.T) {
	t.Parallel()
	until := Date{2030, 1, 1}
	cases := map[string]struct {
		a, b   Facts
		aspect Aspect
		want   bool
	}{
		"other points":                {Facts{Points: new(0)}, Facts{Points: new(3)}, AspectPoints, true},
		"equal points":                {Facts{Points: new(3)}, Facts{Points: new(3)}, AspectPoints, false},
		"one card, one count":         {Facts{CardNumber: "X"}, Facts{Replacements: new(1)}, AspectReplacement, false},
		"same count, other card":      {card("X", 1), card("Y", 1), AspectReplacement, true},
		"same card, other count":      {card("X", 1), card("X", 2), AspectReplacement, true},
		"other day of issue":          {Facts{CardNumber: "X", IssuedOn: until}, Facts{IssuedOn: Date{2031, 1, 1}}, AspectReplacement, true},
		"a last day and none":         {Facts{ValidUntil: until}, Facts{LongTerm: new(true)}, AspectValidity, true},
		"a last day, not long-term":   {Facts{ValidUntil: until}, Facts{LongTerm: new(false)}, AspectValidity, false},
		"long-term and not long-term": {Facts{LongTerm: new(true)}, Facts{LongTerm: new(false)}, AspectValidity, true},
	}
	for name, c := range cases {
		if c.a.contradicts(&c.b, c.aspect) != c.want || c.b.contradicts(&c.a, c.aspect) != c.want {
			t.Errorf("%s: want %v, both ways round", name, c.want)
		}
	}
}
