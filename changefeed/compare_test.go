package changefeed

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// history gives a licence's accepted versions, oldest first.
func (r *rig) history(t *testing.T, n int) []*exchange.LicenceState {
	t.Helper()
	known := checkHistory(t, r.intake.Book, r.ledger, n)
	var versions []*exchange.LicenceState
	for {
		if known.Outcome == exchange.ReportAccepted {
			versions = append(versions, known.State)
		}
		entry, err := r.ledger.Read(testContext(t), known.Revision)
		if err != nil {
			t.Fatal(err)
		}
		if entry.Follows == 0 {
			slices.Reverse(versions)
			return versions
		}
		if known, err = r.intake.Book.Read(testContext(t), entry.Follows); err != nil {
			t.Fatal(err)
		}
	}
}

func (r *rig) compare(t *testing.T) {
	t.Helper()
	for n := range modelLicences {
		if known, err := r.intake.Book.Last(testContext(t), licenceKey(n)); err != nil || known.State == nil {
			continue // nobody spoke of it
		}
		history := r.history(t, n)
		for name, p := range r.platforms {
			r.compareOne(t, name, p, n, history)
		}
	}
}

// compareOne checks what one platform holds of one licence: the newest version that it had to be told, with what it may see of what
// stood then, or later; versions that only grew; nothing that came from itself; and for each version refused, a parked delivery.
func (r *rig) compareOne(t *testing.T, name string, p *platform, n int, history []*exchange.LicenceState) {
	t.Helper()
	var told []uint64 // that it had to be told of
	decision, _ := r.grants.Decide(t.Context(), exchange.DecisionRequest{Platform: name, Operation: exchange.ChangeDelivery, Wanted: exchange.Fields(exchange.ChangeDelivery)})
	for _, v := range history {
		_, visible := v.Disclose(&decision, v.Change.Events, now())
		if len(visible) > 0 && v.Change.Reporter != name {
			told = append(told, v.Version)
		}
	}
	applied := p.versions(n)
	if !slices.IsSorted(applied) || len(slices.Compact(slices.Clone(applied))) != len(applied) {
		t.Errorf("%s, licence %d: versions %v", name, n, applied)
	}
	if len(told) == 0 {
		if len(applied) > 0 {
			t.Errorf("%s, licence %d: told %v of nothing that it may see", name, n, applied)
		}
		return
	}
	if (name == strict || name == moody) && !slices.Equal(applied, told) {
		t.Errorf("%s, licence %d: versions %v, want %v", name, n, applied, told)
	}
	held := p.has(n)
	if name == picky {
		r.comparePicky(t, n, held.Version, told)
		return
	}
	if last := told[len(told)-1]; held.Version < last || held.Version > history[len(history)-1].Version {
		t.Errorf("%s, licence %d: has version %d, want %d", name, n, held.Version, last)
		return
	}
	if held.Origin == name {
		t.Errorf("%s, licence %d: was told what it said itself", name, n)
	}
	want, _ := history[held.Version-1].Disclose(&decision, nil, now())
	if got, want := shownAs(t, held.Fields), shownAs(t, want); got != want {
		t.Errorf("%s, licence %d: sees %s, want %s", name, n, got, want)
	}
	if newest, _ := history[len(history)-1].Disclose(&decision, nil, now()); name != speaker && shownAs(t, held.Fields) != shownAs(t, newest) {
		t.Errorf("%s, licence %d: sees %s, but %s stands", name, n, shownAs(t, held.Fields), shownAs(t, newest))
	}
}

// comparePicky: the newest version that it had to be told of is there, or a later one, or that delivery is parked.
func (r *rig) comparePicky(t *testing.T, n int, held uint64, told []uint64) {
	t.Helper()
	for _, version := range told {
		if version <= held {
			continue
		}
		parked, err := r.cfg.Parking.last(testContext(t), (&Parked{Platform: picky, Licence: licenceKey(n), Version: version}).key())
		if err != nil || parked.Fate != Waiting || parked.Reason != exchange.SourceRefused {
			t.Errorf("%s, licence %d: has version %d; version %d is neither there nor parked: %+v, %v", picky, n, held, version, parked, err)
		}
	}
}

func shownAs(t testing.TB, fields exchange.Disclosed) string {
	t.Helper()
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
