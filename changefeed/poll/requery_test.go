package poll

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// register is a source that answers queries only.
type register struct {
	mu    sync.Mutex
	holds map[string]exchange.Licence // by ID number
	fails map[string]error
	asked []question
}

type question struct {
	number string
	at     time.Time
}

func (r *register) Licence(ctx context.Context, q exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	number := q.Subject.IDNumber.Reveal()
	r.asked = append(r.asked, question{number, time.Now()})
	if !exchange.AskedOnce(ctx) || q.Purpose.Code != "status-sync" {
		return exchange.Sighting[exchange.Licence]{}, exchange.Errorf(exchange.SourceRefused, "not asked as agreed")
	}
	for _, key := range []string{number, ""} {
		if err := r.fails[key]; err != nil {
			return exchange.Sighting[exchange.Licence]{}, err
		}
	}
	return exchange.Sighting[exchange.Licence]{Value: r.holds[number], AsOf: time.Now()}, nil
}

func (r *register) change(subject exchange.Subject, points int, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.holds[subject.IDNumber.Reveal()] = exchange.Licence{
		IDNumber: subject.IDNumber.Reveal(), Name: subject.Name, Status: "A", Points: &points, Issuer: "沪A", UpdatedAt: at,
	}
}

func (r *register) fail(number string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fails[number] = err
}

// questions gives how often each number was asked for, and all of the moments.
func (r *register) questions() (map[string]int, []time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts, moments := map[string]int{}, []time.Time(nil)
	for _, q := range r.asked {
		counts[q.number]++
		moments = append(moments, q.at)
	}
	return counts, moments
}

// knowing makes a rig that knows so many licences by another reporter, and a register that holds the same.
func knowing(t *testing.T, licences int) (*rig, *register) {
	t.Helper()
	r, source := newRig(), &register{holds: map[string]exchange.Licence{}, fails: map[string]error{}}
	base := r.base(Quota{}, time.Second)
	base.Source = "police"
	at := time.Now().Add(-time.Hour)
	for n := range licences {
		source.change(citizen(t, n), 1, at)
		if err := base.give(t.Context(), "", base.report(citizen(t, n), "310000", at, facts(1))); err != nil {
			t.Fatal(err)
		}
	}
	r.watcher.outcomes, r.records.outcomes = map[string]int{}, map[string]int{}
	return r, source
}

func (r *rig) requery(source *register, quota Quota, every time.Duration) *Requery {
	return &Requery{Base: r.base(quota, every), Asks: source, Known: ledger{r.store}, Book: r.book}
}

// TestEachLicenceOnceARound, evenly spread; the first word is reported, what is the same after it is not, what differs is.
func TestEachLicenceOnceARound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := knowing(t, 200)
		stop := start(t, r.requery(source, Quota{PerSecond: 5}, 24*time.Hour).Run)
		defer stop()
		time.Sleep(24*time.Hour - time.Minute)
		counts, moments := source.questions()
		if len(counts) != 200 || len(moments) != 200 {
			t.Fatalf("%d questions about %d licences", len(moments), len(counts))
		}
		perHour := map[time.Duration]int{}
		for _, moment := range moments {
			perHour[moment.Sub(moments[0])/(4*time.Hour)]++
		}
		if busiest := slices.Max([]int{perHour[0], perHour[1], perHour[2], perHour[3], perHour[4], perHour[5]}); busiest > 60 {
			t.Errorf("not spread: %v in parts of four hours", perHour)
		}
		if r.watcher.count("unchanged") != 200 {
			t.Errorf("first round: %v", r.watcher.outcomes)
		}
		source.change(citizen(t, 7), 9, time.Now())
		time.Sleep(24 * time.Hour)
		if r.watcher.count(OutcomeSame) < 190 || r.records.count("accepted") != 1 || r.records.count("unchanged") != 200 {
			t.Errorf("second round: %v, recorded %v", r.watcher.outcomes, r.records.outcomes)
		}
		if known := r.known(t, citizen(t, 7)); *known.State.Stands.Points != 9 {
			t.Errorf("points %d", *known.State.Stands.Points)
		}
		if age := time.Since(r.watcher.covered()); age > 49*time.Hour {
			t.Errorf("covered %s ago", age)
		}
	})
}

// TestARestartGoesOn: in many short lives each licence is asked for once a round, but for what a stop cut off; both where the answers
// are new, and so make later entries, and where they are the same.
func TestARestartGoesOn(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]time.Duration{"the first round": 0, "the second round": 24*time.Hour + time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, source := knowing(t, 200)
				stop := start(t, r.requery(source, Quota{PerSecond: 5}, 24*time.Hour).Run)
				time.Sleep(before)
				stop()
				source.asked = nil
				for range 23 {
					stop := start(t, r.requery(source, Quota{PerSecond: 5}, 24*time.Hour).Run)
					time.Sleep(time.Hour)
					stop()
				}
				counts, moments := source.questions()
				if len(counts) < 185 || len(moments) > len(counts)+23 {
					t.Errorf("%d questions about %d licences", len(moments), len(counts))
				}
			})
		})
	}
}

// TestTheQuotaStretchesARound: more licences than the quota allows are asked for one after the other, none is left out.
func TestTheQuotaStretchesARound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := knowing(t, 50)
		stop := start(t, r.requery(source, Quota{PerSecond: 2}, 5*time.Second).Run)
		defer stop()
		time.Sleep(time.Minute)
		counts, moments := source.questions()
		if len(moments) > 121 || len(moments) < 90 || len(counts) != 50 {
			t.Errorf("%d questions about %d licences in a minute", len(moments), len(counts))
		}
	})
}

// TestOneLicenceStopsNobody whatever the source says of it.
func TestOneLicenceStopsNobody(t *testing.T) {
	t.Parallel()
	for _, code := range []exchange.Code{exchange.NoRecord, exchange.RecordNotArchived, exchange.SourceDown, exchange.SourceInvalid, exchange.SourceRefused} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, source := knowing(t, 20)
				source.fail(citizen(t, 3).IDNumber.Reveal(), &exchange.Error{Code: code})
				stop := start(t, r.requery(source, Quota{PerSecond: 5}, time.Hour).Run)
				defer stop()
				time.Sleep(time.Hour + 5*time.Minute)
				counts, _ := source.questions()
				if r.watcher.count("unchanged") != 19 || counts[citizen(t, 3).IDNumber.Reveal()] > 2*most+1 {
					t.Errorf("%v; %v", r.watcher.outcomes, counts)
				}
			})
		})
	}
}

// TestARegisterThatIsDown is asked less and less, and everything is asked for once it is back.
func TestARegisterThatIsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := knowing(t, 20)
		source.fail("", &exchange.Error{Code: exchange.SourceDown})
		stop := start(t, r.requery(source, Quota{PerSecond: 5}, time.Hour).Run)
		defer stop()
		time.Sleep(3 * time.Hour)
		if _, moments := source.questions(); len(moments) > 90 {
			t.Errorf("%d questions in three hours", len(moments))
		}
		if !r.watcher.covered().IsZero() {
			t.Error("a round counts as done though nothing was answered")
		}
		source.fail("", nil)
		time.Sleep(7 * time.Hour)
		if r.watcher.count("unchanged") != 20 || time.Since(r.watcher.covered()) > 3*time.Hour {
			t.Errorf("%v, covered %s ago", r.watcher.outcomes, time.Since(r.watcher.covered()))
		}
	})
}

// TestWhatTheSourceMayNotSay is left out: other aspects, licences of other provinces.
func TestWhatTheSourceMayNotSay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := knowing(t, 2)
		source.change(citizen(t, 1), 1, time.Now())
		moved := source.holds[citizen(t, 1).IDNumber.Reveal()]
		moved.Issuer = "浙A"
		source.holds[citizen(t, 1).IDNumber.Reveal()] = moved
		poll := r.requery(source, Quota{PerSecond: 5}, time.Hour)
		poll.Region, poll.Aspects = "310000", []exchange.Aspect{exchange.AspectStatus}
		stop := start(t, poll.Run)
		defer stop()
		time.Sleep(time.Hour)
		said := r.known(t, citizen(t, 0)).State.Says["tmri"].Facts
		if got := said.Said(); len(got) != 1 || got[0] != exchange.AspectStatus || r.watcher.count(OutcomeElsewhere) != 1 {
			t.Errorf("it says %v; %v", got, r.watcher.outcomes)
		}
	})
}
