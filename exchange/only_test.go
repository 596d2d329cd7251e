package exchange

import (
	"reflect"
	"testing"
)

func TestOnly(t *testing.T) {
	t.Parallel()
	points, replaced, forever := 3, 1, false
	all := Facts{
		Status: "AH", Classes: []Class{"C1"}, ValidUntil: Date{2030, 1, 2}, LongTerm: &forever, CardNumber: "3100000000001",
		Replacements: &replaced, IssuedOn: Date{2024, 1, 2}, Points: &points, CycleEnd: Date{2027, 1, 2},
	}
	for _, aspect := range Aspects() {
		kept := all.Only([]Aspect{aspect})
		if said := kept.Said(); len(said) != 1 || said[0] != aspect || !kept.Agrees(&all, aspect) {
			t.Errorf("%s: it says %v", aspect, said)
		}
	}
	if whole := all.Only(Aspects()); !reflect.DeepEqual(whole, all) {
		t.Error("something is missing of all aspects")
	}
	if none := all.Only(nil); len(none.Said()) != 0 {
		t.Errorf("it says %v of nothing", none.Said())
	}
}
