package changefeed

import (
	"errors"
	"fmt"
	"math/rand/v2"
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
	moody   = "moody"      // stumbles over some licences, all of the first half long: they are set aside
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
			for _, name := range []string{steady, flaky, strict, picky, speaker, moody} {
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
			r.platforms[moody].sees(func(n exchange.Notice, _ int) (bool, error) {
				if n.Licence[len(n.Licence)-1]%3 == 0 {
					return false, errors.New("stumbles")
				}
				return true, nil
			})
			reports := modelReports(t, seed, 120)
			r.startModel(t)
			half := len(reports) / 2
			r.send(t, reports[:half])
			r.offset.Store(int64(2 * asideAfter))
			r.until(t, "what fails is set aside", func() bool { return r.statusOf(t, moody).Aside > 0 })
			r.stop() // entries that are held go back, what was told ahead is forgotten
			r.send(t, reports[half:])
			r.platforms[moody].sees(nil)
			r.startModel(t)
			r.drained(t, steady, flaky, blind, strict, picky, speaker, moody)
			r.stop()
			r.compare(t)
		})
	}
}

func (r *rig) startModel(t *testing.T) {
	r.start(t, func(c *Config) {
		for i := range c.Endpoints {
			c.Endpoints[i].EveryVersion = c.Endpoints[i].Platform == strict || c.Endpoints[i].Platform == moody
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
