package tmri

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

func listing(t testing.TB) bundle {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone()) }
	registry, err := citizen.New(1, now(), 150)
	if err != nil {
		t.Fatal(err)
	}
	server, err := New(Config{
		Serials: map[string]Grant{serial: {Interfaces: []string{"02Z99"}}},
		Changes: Changes{Interface: "02Z99", From: "gxsjq", After: "sfzmhmq", Rows: "hs", Most: 7},
	}, registry, now)
	if err != nil {
		t.Fatal(err)
	}
	return bundle{server, registry}
}

// TestListingBySecondAndNumber walks the whole data set page by page, many rows of which were updated in one second.
func TestListingBySecondAndNumber(t *testing.T) {
	t.Parallel()
	b := listing(t)
	var want []string
	for i, person := range b.registry.All() {
		if i%3 == 0 {
			b.registry.Amend(person.IDNumber, time.Date(2026, 11, 24, 8, 0, 0, i, citizen.Zone()), func(*citizen.Licence) {})
		}
		if person.Licensed() && !person.Licence.NotArchived {
			want = append(want, person.IDNumber)
		}
	}
	row := regexp.MustCompile(`<sfzmhm>([^<]*)</sfzmhm>.*?<gxsj>([^<]*)</gxsj>`)
	var got []string
	from, after := "1970-01-01 00:00:00", ""
	for last := ""; ; {
		text := result(t, b.post(PathNew, newCall(serial, "02Z99", queryDocument("gxsjq", from, "sfzmhmq", after, "hs", "50"))))
		found := row.FindAllStringSubmatch(text, -1)
		if len(found) == 0 {
			break
		}
		if len(found) > 7 {
			t.Fatalf("%d rows of 7 at most", len(found))
		}
		for _, columns := range found {
			if columns[2] < last {
				t.Fatalf("%s comes after %s", columns[2], last)
			}
			got, after, from, last = append(got, columns[1]), columns[1], columns[2], columns[2]
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("listed %d licences, want %d", len(got), len(want))
	}
}

func TestListingShowsAReplacement(t *testing.T) {
	t.Parallel()
	b := listing(t)
	b.registry.Replace(b.id(t, "normal-shanghai"), time.Date(2026, 11, 24, 8, 59, 59, 0, citizen.Zone()))
	asked := newCall(serial, "02Z99", queryDocument("gxsjq", "2026-11-24 08:59:59", "hs", "1"))
	expect(t, result(t, b.post(PathNew, asked)), "<code>1</code>", "<rownum>1</rownum>", b.id(t, "normal-shanghai"), "<bzcs>1</bzcs>", "<gxsj>2026-11-24 08:59:59</gxsj>")
}

func TestListingRefuses(t *testing.T) {
	t.Parallel()
	b := listing(t)
	for document, want := range map[string]string{
		queryDocument("gxsjq", "yesterday"): "时间格式错误", queryDocument("hs", "1"): "缺少查询条件：gxsjq",
	} {
		expect(t, result(t, b.post(PathNew, newCall(serial, "02Z99", document))), "<code>0</code>", want)
	}
	plain := setup(t)
	expect(t, result(t, plain.post(PathNew, newCall(serial, "02Z99", queryDocument("gxsjq", "2026-11-24 08:59:59")))), "<code>-2</code>")
	if _, err := New(Config{Serials: map[string]Grant{"1": {}}, Changes: Changes{Interface: "02Z99"}}, plain.registry, time.Now); err == nil {
		t.Error("a listing without the argument of its time was taken")
	}
}
