package tmri_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/tmri"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	standin "github.com/zhengqiao/zhengqiao/simulators/tmri"
)

// listing is a source that lists changes, and the stand-in behind it; a keyed one can go on within a second.
func listing(t *testing.T, keyed bool) (*fixture, exchange.ChangeLister, *fault.Switches) {
	t.Helper()
	f := newFixture(t)
	names := standin.Changes{Interface: "02Z99", From: "gxsjq", Rows: "hs"}
	asked := tmri.Changes{ID: "02Z99", From: "gxsjq", Rows: "hs"}
	if keyed {
		names.After, asked.After = "sfzmhmq", "sfzmhmq"
	}
	server, err := standin.New(standin.Config{Serials: map[string]standin.Grant{serial: {Interfaces: []string{"02Z99"}}}, Changes: names},
		f.registry, func() time.Time { return f.now })
	if err != nil {
		t.Fatal(err)
	}
	config := settings(serve(t, server) + standin.PathNew)
	config.Interfaces, config.Changes = tmri.Interfaces{}, asked
	source, err := tmri.Open("tmri-demo", exchange.National, adaptertest.Settings(config), outbound.Deps{
		Clock: func() time.Time { return f.now }, Secrets: func(string) (string, error) { return serial, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	if source.Licences != nil {
		t.Error("a licence query is offered that was not granted")
	}
	return f, source.Changes, server.Faults()
}

func (f *fixture) changes(after exchange.ChangePlace, limit int) exchange.ChangesQuestion {
	return exchange.ChangesQuestion{After: after, Limit: limit, Now: f.now, Purpose: exchange.Purpose{Code: "status-sync", Operator: "gateway"}}
}

// TestChangedGoesThroughAll: every licence comes once, as the data set has it, though a third changed within one second.
func TestChangedGoesThroughAll(t *testing.T) {
	t.Parallel()
	f, lister, _ := listing(t, true)
	want := map[string]citizen.Citizen{}
	for i, person := range f.registry.All() {
		if i%3 == 0 {
			f.registry.Amend(person.IDNumber, f.now.Add(-time.Minute), func(*citizen.Licence) {})
		}
		if person, _ = f.registry.Find(person.IDNumber); person.Licensed() && !person.Licence.NotArchived {
			want[person.IDNumber] = person
		}
	}
	place, seen := exchange.ChangePlace{}, map[string]bool{}
	for {
		page, err := lister.Changed(t.Context(), f.changes(place, 10))
		if err != nil {
			t.Fatal(err)
		}
		for _, read := range page.Rows {
			number := read.Subject.IDNumber.Reveal()
			if read.Broken != nil || seen[number] || !place.Before(read.Place) {
				t.Fatalf("broken %v, seen before %v, in order %v", read.Broken, seen[number], place.Before(read.Place))
			}
			place, seen[number] = read.Place, true
			expectRow(t, &read, want[number])
		}
		if page.Full != (len(page.Rows) == 10) || page.Stuck {
			t.Fatalf("%d rows, full %v, stuck %v", len(page.Rows), page.Full, page.Stuck)
		}
		if len(page.Rows) == 0 {
			break
		}
	}
	if len(seen) != len(want) {
		t.Errorf("%d licences, want %d", len(seen), len(want))
	}
}

func expectRow(t *testing.T, read *exchange.ChangedRow, person citizen.Citizen) {
	t.Helper()
	l := person.Licence
	if !read.Place.Moment.Equal(l.Updated.Truncate(time.Second)) || string(read.Region) != l.Province() || read.Subject.Name != person.Name {
		t.Errorf("at %s in %s, want %s in %s", read.Place, read.Region, l.Updated, l.Province())
	}
	if f := read.Facts; *f.Replacements != l.Replaced || f.CardNumber != l.CardNumber || *f.Points != l.Points || !f.Status.Equal(exchange.ParseStatus(l.Status)) {
		t.Errorf("facts %+v of %+v", f, l)
	}
}

// TestChangedWithoutAKeySaysThatItIsStuck: a page full of one second can't be passed by asking from that second on.
func TestChangedWithoutAKeySaysThatItIsStuck(t *testing.T) {
	t.Parallel()
	f, lister, _ := listing(t, false)
	moment := f.now.Add(-time.Minute)
	for _, key := range []string{"normal-shanghai", "normal-zhejiang", "rare-name"} {
		f.registry.Amend(f.person(key).IDNumber, moment, func(*citizen.Licence) {})
	}
	at := exchange.ChangePlace{Moment: moment, Key: "11"}
	for limit, want := range map[int]exchange.ChangedPage{2: {Full: true, Stuck: true}, 3: {Full: true, Stuck: true}, 4: {}} {
		page, err := lister.Changed(t.Context(), f.changes(at, limit))
		if err != nil || len(page.Rows) != min(limit, 3) || page.Full != want.Full || page.Stuck != want.Stuck {
			t.Errorf("limit %d: %d rows, full %v, stuck %v, error %v", limit, len(page.Rows), page.Full, page.Stuck, err)
		}
	}
	page, err := lister.Changed(t.Context(), f.changes(exchange.ChangePlace{Moment: moment.Add(-time.Second)}, 2))
	if err != nil || !page.Full || page.Stuck {
		t.Errorf("a page that gets on: full %v, stuck %v, error %v", page.Full, page.Stuck, err)
	}
}

// TestABrokenRowIsOneRow: its place is known where gxsj is, its trouble by column, and the others are read.
func TestABrokenRowIsOneRow(t *testing.T) {
	t.Parallel()
	f, lister, _ := listing(t, true)
	for i, key := range []string{"normal-shanghai", "normal-zhejiang", "rare-name"} {
		f.registry.Amend(f.person(key).IDNumber, f.now.Add(time.Duration(i-10)*time.Second), func(l *citizen.Licence) {
			if i == 1 {
				l.Classes = "no-class"
			}
		})
	}
	page, err := lister.Changed(t.Context(), f.changes(exchange.ChangePlace{Moment: f.now.Add(-10 * time.Second)}, 10))
	if err != nil || len(page.Rows) != 3 {
		t.Fatalf("%d rows, %v", len(page.Rows), err)
	}
	broken := page.Rows[1]
	if page.Rows[0].Broken != nil || page.Rows[2].Broken != nil || broken.Broken == nil || !broken.Place.Moment.Equal(f.now.Add(-9*time.Second)) {
		t.Errorf("broken: %v, %v, %v", page.Rows[0].Broken, broken.Broken, page.Rows[2].Broken)
	}
	number := f.person("normal-zhejiang").IDNumber
	if text := fmt.Sprint(broken.Broken, broken); !strings.Contains(text, "zjcx") || strings.Contains(text, number) || strings.Contains(text, "no-class") {
		t.Errorf("it says %s", strings.ReplaceAll(text, number, "the number"))
	}
}

func TestChangedFailsAsEveryQuestion(t *testing.T) {
	t.Parallel()
	f, lister, faults := listing(t, true)
	for kind, want := range map[fault.Kind][]exchange.Code{
		fault.ServerError: {exchange.SourceDown}, fault.Garbage: {exchange.SourceInvalid}, fault.InvalidUTF8: {exchange.SourceInvalid},
		fault.Cut: {exchange.TransferInterrupted}, fault.ContentType: {exchange.SourceInvalid},
	} {
		if err := faults.Set(fault.Fault{Kind: kind, Times: 1}); err != nil {
			t.Fatal(err)
		}
		page, err := lister.Changed(exchange.AskOnce(t.Context()), f.changes(exchange.ChangePlace{}, 10))
		if !slices.Contains(want, exchange.CodeOf(err)) || len(page.Rows) > 0 {
			t.Errorf("%s: %v with %d rows", kind, err, len(page.Rows))
		}
	}
}

func TestBadSettingsOfChangesAreNamed(t *testing.T) {
	t.Parallel()
	for want, changes := range map[string]tmri.Changes{
		"changes.from: missing":      {ID: "02Z99"},
		"changes: jkid is missing":   {From: "gxsjq"},
		"changes: an argument's":     {ID: "02Z99", From: "gxsjq>"},
		"changes.most: want a numbe": {ID: "02Z99", From: "gxsjq", Most: 1001},
	} {
		config := settings("http://10.0.0.1/x")
		config.Changes = changes
		_, err := tmri.Open("demo", "310000", adaptertest.Settings(config), outbound.Deps{Secrets: func(string) (string, error) { return serial, nil }})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}
