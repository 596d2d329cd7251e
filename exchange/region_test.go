package exchange

import "testing"

func TestRegions(t *testing.T) {
	t.Parallel()
	all := Provinces()
	if len(all) != 34 {
		t.Fatalf("%d provincial divisions, GB/T 2260 has 34", len(all))
	}
	seen := map[Text]Region{}
	for region, name := range all {
		if len(region) != 6 || region[2:] != "0000" || !region.Provincial() || region.Name() != name {
			t.Errorf("%v: %v", region, name)
		}
		if other, twice := seen[name]; twice || name.ZH == "" || name.EN == "" {
			t.Errorf("%v and %v are both %v", region, other, name)
		}
		seen[name] = region
	}
	for _, known := range []struct {
		region Region
		name   string
	}{{"310000", "上海市"}, {"330000", "浙江省"}, {"440000", "广东省"}, {National, "全国"}} {
		if got := known.region.Name().ZH; got != known.name {
			t.Errorf("%v is %s", known.region, got)
		}
	}
}

func TestNoRegion(t *testing.T) {
	t.Parallel()
	for _, region := range []Region{"", "31", "310100", "990000", "830000", National, "31000０"} {
		if region.Provincial() {
			t.Errorf("%q is no province", region)
		}
	}
	if Region("310100").Name() != (Text{}) {
		t.Error("a city has no name here")
	}
}

func TestProvincesIsACopy(t *testing.T) {
	t.Parallel()
	delete(Provinces(), "310000")
	if !Region("310000").Provincial() {
		t.Error("a caller can change the table")
	}
}
