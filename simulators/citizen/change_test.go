package citizen_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

func TestReplacement(t *testing.T) {
	t.Parallel()
	registry, at := dataSet(t, 1, asOf(), 120), asOf().Add(time.Hour)
	seen := map[string]bool{}
	for _, person := range registry.All() {
		seen[person.Licence.CardNumber] = true
	}
	for _, persona := range []string{"normal-shanghai", "normal-zhejiang"} {
		before, _ := registry.Persona(persona)
		if !registry.Replace(before.IDNumber, at) {
			t.Fatal("nothing was replaced")
		}
		after, _ := registry.Find(before.IDNumber)
		l := after.Licence
		if seen[l.CardNumber] || len(l.CardNumber) != 13 || l.Replaced != before.Licence.Replaced+1 || !l.Updated.Equal(at) || citizen.Day(l.Issued) != citizen.Day(at) {
			t.Errorf("card %s, %d times, updated %s, issued %s", l.CardNumber, l.Replaced, l.Updated, l.Issued)
		}
		if l.FileNumber != before.Licence.FileNumber || l.ValidUntil != before.Licence.ValidUntil {
			t.Error("a replacement changed the file number or the validity")
		}
		seen[l.CardNumber] = true
	}
}

func TestWhoHasNoLicenceGetsNone(t *testing.T) {
	t.Parallel()
	registry := dataSet(t, 1, asOf(), 0)
	person, _ := registry.Persona("no-licence")
	if registry.Replace(person.IDNumber, asOf()) || registry.Amend("unknown", asOf(), func(*citizen.Licence) { t.Error("called") }) {
		t.Error("a licence came from nowhere")
	}
	if after, _ := registry.Persona("no-licence"); after.Licensed() || !after.Licence.Updated.IsZero() {
		t.Errorf("%+v", after.Licence)
	}
}
