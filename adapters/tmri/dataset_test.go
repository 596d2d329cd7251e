package tmri_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/tmri"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Every licence of the data set, whatever its letters, classes and dates, comes out as the data set has it.
func TestWholeDataSet(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	source := f.source(t)
	asked := 0
	for _, person := range f.registry.All() {
		if !person.Licensed() || person.Licence.NotArchived || person.IdentityExpired {
			continue
		}
		asked++
		sighting, err := source.Licences.Licence(t.Context(), f.request(person))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprintf("%+v", flat(sighting.Value)), fmt.Sprintf("%+v", flat(licenceOf(person))); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if asked < 150 {
		t.Errorf("only %d licences asked for", asked)
	}
}

// flat replaces the pointers, which would print as addresses.
func flat(l exchange.Licence) []any {
	points, replacements := *l.Points, *l.Replacements
	l.Points, l.Replacements = nil, nil
	return []any{l, points, replacements}
}

// The look-alike gets the same questions in its own style.
func TestLookAlike(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	source := f.source(t, func(c *tmri.Config) { c.Front = tmri.FrontWCF })
	sighting, err := source.Licences.Licence(t.Context(), f.request(f.person("normal-shanghai")))
	if err != nil || sighting.Value.Name != f.person("normal-shanghai").Name {
		t.Errorf("got %s, %v", sighting.Value.Name, err)
	}
}

// A letter that no list knows and the two ways of saying 长期 are worth their own look.
func TestLettersAndTerms(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	source := f.source(t)
	for _, c := range []struct {
		persona, status string
		longTerm        bool
	}{
		{"unknown-letter", "X", false}, {"over-limit-zhejiang", "BDJ", false}, {"long-term", "A", true}, {"long-term-blank", "A", true},
	} {
		sighting, err := source.Licences.Licence(t.Context(), f.request(f.person(c.persona)))
		if err != nil {
			t.Fatal(err)
		}
		got := sighting.Value
		if string(got.Status) != c.status || got.LongTerm != c.longTerm || got.LongTerm != got.ValidUntil.IsZero() {
			t.Errorf("%s: status %s, long term %t until %q", c.persona, got.Status, got.LongTerm, got.ValidUntil)
		}
		if strings.Contains(c.persona, "unknown") && got.Status.MayDrive() != exchange.MayDriveUnknown {
			t.Errorf("%s may drive: %s", c.persona, got.Status.MayDrive())
		}
	}
}
