package exchange

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The classes of 公安部令162号 art. 11, in its order.
func allClasses() []Class {
	return []Class{"A1", "A2", "A3", "B1", "B2", "C1", "C2", "C3", "C4", "C5", "C6", "D", "E", "F", "M", "N", "P"}
}

func TestEveryClass(t *testing.T) {
	t.Parallel()
	heavy := []Class{"A1", "A2", "A3", "B1", "B2"}
	for _, class := range allClasses() {
		got, err := ParseClasses(string(class))
		if err != nil || !slices.Equal(got, []Class{class}) {
			t.Errorf("%v: %v, error %v", class, got, err)
		}
		if name := class.Name(); name.ZH == "" || name.EN == "" {
			t.Errorf("%v has no name", class)
		}
		if class.Heavy() != slices.Contains(heavy, class) {
			t.Errorf("%v: heavy %v", class, class.Heavy())
		}
	}
	if len(classTable) != len(allClasses()) {
		t.Errorf("the table has %d classes", len(classTable))
	}
	if unknown := Class("A4"); unknown.Name() != (Text{}) || unknown.Heavy() {
		t.Error("A4 is no class")
	}
}

func TestParseClasses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		zjcx string
		want []Class // nil: an error
	}{
		{"", []Class{}},
		{"C1D", []Class{"C1", "D"}},
		{"A1A2D", []Class{"A1", "A2", "D"}},
		{"B2E", []Class{"B2", "E"}},
		{"DEFMNP", []Class{"D", "E", "F", "M", "N", "P"}},
		{"C1C1", []Class{"C1", "C1"}},
		{"A", nil}, {"A4", nil}, {"B3", nil}, {"C7", nil}, {"C0", nil}, {"D1", nil}, {"G", nil}, {"1C", nil},
		{"C1X", nil}, {"c1", nil}, {"C1,D", nil}, {"C1 D", nil}, {"Ｃ1", nil}, {"C1照", nil}, {"\xff", nil},
	}
	for _, c := range cases {
		got, err := ParseClasses(c.zjcx)
		if (err == nil) != (c.want != nil) || err == nil && !slices.Equal(got, c.want) || err != nil && got != nil {
			t.Errorf("%q: %v, error %v", c.zjcx, got, err)
		}
	}
}

func TestParseClassesSaysWhere(t *testing.T) {
	t.Parallel()
	_, err := ParseClasses("A1DX")
	if err == nil || err.Error() != "no vehicle class at character 4" {
		t.Errorf("error %v", err)
	}
}

func TestClassesRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.SampledFrom(allClasses())).Draw(t, "classes")
		got, err := ParseClasses(joined(want))
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v: %v, error %v", want, got, err)
		}
	})
}

func joined(list []Class) string {
	var zjcx strings.Builder
	for _, class := range list {
		zjcx.WriteString(string(class))
	}
	return zjcx.String()
}

func FuzzParseClasses(f *testing.F) {
	for _, seed := range []string{"C1D", "A1A2D", "A4", "c1", "Ｃ1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, zjcx string) {
		if got, err := ParseClasses(zjcx); err == nil && joined(got) != zjcx {
			t.Fatalf("%q became %v", zjcx, got)
		}
	})
}
