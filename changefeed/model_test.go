package changefeed

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// The platforms of the model, by what is difficult about them.
const (
	steady  = "zheliban"   // takes everything
	flaky   = "suihaoban"  // fails at random, before or after it has applied
	blind   = "wechat"     // sees points only
	strict  = "jiaoguan"   // wants each version
	picky   = "picky"      // refuses some versions for good
	speaker = "suishenban" // reports too
)

const (
	modelLicences = 12
	modelWorkers  = 64
)

// TestEveryPlatformEndsWithTheModel sends random reports through 64 workers and two gateways' intakes, restarts the delivery in the
// middle, and compares in the end what each platform holds with what the ledger's history says that it must hold.
func TestEveryPlatformEndsWithTheModel(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2, rand.Uint64()} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			for _, name := range []string{steady, flaky, strict, picky, speaker} {
				r.add(name)
			}
			r.add(blind, "points")
			r.platforms[flaky].sees(flakiness(seed))
			r.platforms[picky].sees(func(n exchange.Notice, _ int) (bool, error) {
				if n.Version%3 == 0 {
					return false, &exchange.Error{Code: exchange.SourceRefused}
				}
				return true, nil
			})
			reports := modelReports(t, seed, 120)
			r.startModel(t)
			half := len(reports) / 2
			r.send(t, reports[:half])
			r.stop() // entries that are held go back, what was told ahead is forgotten
			r.send(t, reports[half:])
			r.startModel(t)
			r.drained(t, steady, flaky, blind, strict, picky, speaker)
			r.stop()
			r.compare(t)
		})
	}
}

func (r *rig) startModel(t *testing.T) {
	r.start(t, func(c *Config) {
		for i := range c.Endpoints {
			c.Endpoints[i].EveryVersion = c.Endpoints[i].Platform == strict
		}
	})
}

// flakiness fails about a third of the time: not applied, applied but not answered, or overloaded.
func flakiness(seed uint64) func(exchange.Notice, int) (bool, error) {
	random := rand.New(rand.NewPCG(seed, 1))
	return func(exchange.Notice, int) (bool, error) {
		switch random.IntN(9) {
		case 0:
			return false, &exchange.Error{Code: exchange.SourceDown}
		case 1:
			return true, &exchange.Error{Code: exchange.SourceTimeout}
		case 2:
			return true, errors.New("stumbles after it has applied")
		}
		return true, nil
	}
}

// modelReports draws reports of all aspects, out of order, some twice. The letters leave the final ones out, from which there is no
// way back for most reporters.
func modelReports(t testing.TB, seed uint64, count int) []*exchange.Report {
	random := rand.New(rand.NewPCG(seed, 2))
	reporters := []string{"police", "police", "police-2", "suishenban", "zheliban-office", "wechat-office"}
	letters := []exchange.StatusSet{"A", "B", "BD", "BDJ", "H", "超K"}
	var reports []*exchange.Report
	for i := range count {
		var f exchange.Facts
		for len(f.Said()) == 0 {
			if random.IntN(2) == 0 {
				f.Status = letters[random.IntN(len(letters))]
			}
			if random.IntN(2) == 0 {
				f.Points = new(random.IntN(13))
			}
			if random.IntN(3) == 0 {
				f.Replacements = new(random.IntN(4))
			}
		}
		r := reported(t, reporters[random.IntN(len(reporters))], random.IntN(modelLicences), random.IntN(500), f)
		r.ID = fmt.Sprint("report-", i)
		reports = append(reports, r)
		if random.IntN(4) == 0 {
			reports = append(reports, reports[random.IntN(len(reports))])
		}
	}
	return reports
}

// send spreads the reports over the workers of two gateways.
func (r *rig) send(t *testing.T, reports []*exchange.Report) {
	second, _ := newIntake(t, r.ledger)
	intakes := []*Intake{r.intake, second}
	known := everybody()
	known["zheliban-office"], known["wechat-office"] = exchange.RankProvince, exchange.RankPlatform
	for _, intake := range intakes {
		intake.Announcers = known
	}
	queue := make(chan int)
	var workers sync.WaitGroup
	for worker := range modelWorkers {
		intake := intakes[worker%2]
		workers.Go(func() {
			for i := range queue {
				if _, err := intake.Report(testContext(t), reports[i]); err != nil {
					t.Errorf("report %s: %v", reports[i].ID, err)
				}
			}
		})
	}
	for i := range reports {
		queue <- i
	}
	close(queue)
	workers.Wait()
}

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
	if name == strict && !slices.Equal(applied, told) {
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
