package exchange

import (
	"fmt"
	"testing"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	full := &Source{ID: "full", Licences: &fakeSource{}, Violations: &fakeSource{}, Pictures: &fakeSource{}}
	licences := &Source{ID: "licences", Licences: &fakeSource{}}
	national := &Source{ID: "national", Licences: &fakeSource{}, Violations: &fakeSource{}}
	routes := Routes{
		{Region: National, Sources: []*Source{national}},
		{Region: "310000", Operations: []Operation{LicenceQuery}, Sources: []*Source{licences, full}},
		{Region: "310000", Operations: []Operation{PictureQuery}, Sources: []*Source{licences, full}},
		{Region: "330000", Sources: []*Source{full, licences}},
		{Region: "440000", Operations: []Operation{PictureQuery}, Sources: []*Source{licences}},
	}
	cases := []struct {
		op     Operation
		region Region
		want   string
	}{
		{LicenceQuery, "310000", "[licences full]"}, // in the order of the configuration
		{PictureQuery, "310000", "[full]"},
		{ViolationsQuery, "310000", "[national]"}, // none of the region's routes serves it
		{LicenceQuery, "330000", "[full licences]"},
		{ViolationsQuery, "330000", "[full]"},
		{LicenceQuery, "440000", "[national]"},
		{PictureQuery, "440000", "[]"}, // its own route decides, although nobody there offers it
		{LicenceQuery, "110000", "[national]"},
		{PictureQuery, "110000", "[]"},
		{LicenceQuery, National, "[national]"},
		{"vehicle.query", "330000", "[]"},
	}
	for _, c := range cases {
		ids := []string{}
		for _, source := range routes.Sources(c.op, c.region) {
			ids = append(ids, source.ID)
		}
		if fmt.Sprint(ids) != c.want {
			t.Errorf("%s in %s: %v, want %s", c.op, c.region, ids, c.want)
		}
	}
	if got := Routes(nil).Sources(LicenceQuery, "310000"); got != nil {
		t.Errorf("no routes: %v", got)
	}
}
