package exchange

import (
	"slices"
	"testing"
)

func TestADecisionIsAboutWhatItGrantsAndWithholds(t *testing.T) {
	t.Parallel()
	d := Decision{Grants: map[Field]Mask{"status": MaskNone, "classes": MaskNone}, Withheld: []Withheld{{Field: "points"}, {Field: "status"}}}
	if got := d.About(); !slices.Equal(got, []Field{"classes", "points", "status"}) {
		t.Errorf("%v", got)
	}
	if got := (&Decision{}).About(); len(got) != 0 {
		t.Errorf("%v of nothing", got)
	}
}
