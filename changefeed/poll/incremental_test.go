package poll

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

const overlap = 2 * time.Minute

func (r *rig) incremental(source *table, since time.Time) *Incremental {
	return &Incremental{Base: r.base(Quota{}, 5*time.Second), Lister: source, Overlap: overlap, Since: since, Rows: 10}
}

// watermark gives what is kept.
func (r *rig) watermark(t *testing.T) time.Time {
	t.Helper()
	kept := newWatermark(marks{r.store}, "tmri")
	stored, found, err := kept.mark.load(t.Context())
	if err != nil || !found {
		t.Fatalf("watermark: found %v, %v", found, err)
	}
	return stored.Moment
}

// TestEveryRowIsTakenOnce also when a page ends in the middle of many rows of one second, and after a restart.
func TestEveryRowIsTakenOnce(t *testing.T) {
	t.Parallel()
	for _, keyed := range []bool{true, false} {
		t.Run(fmt.Sprintf("keyed %v", keyed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, source := newRig(), newTable(keyed)
				begin := time.Now().Add(-time.Hour)
				for n := range 300 {
					at := begin.Add(time.Duration(n) * time.Second)
					if n >= 100 && n < 145 {
						at = begin.Add(100 * time.Second)
					}
					source.set(citizen(t, n), at, facts(n%12), 0)
				}
				stop := start(t, r.incremental(source, begin).Run)
				time.Sleep(time.Minute)
				stop()
				if got := r.records.count("accepted"); got != 300 || len(r.records.outcomes) != 1 {
					t.Fatalf("recorded %v", r.records.outcomes)
				}
				if got, want := r.watermark(t), begin.Add(299*time.Second); !got.Equal(want) {
					t.Errorf("watermark %s, want %s", got, want)
				}
				stop = start(t, r.incremental(source, begin).Run) // a new process reads the overlap again
				time.Sleep(time.Minute)
				stop()
				if got := r.records.count("duplicate"); got != 121 || r.records.count("accepted") != 300 {
					t.Errorf("recorded %v, want 121 duplicates", r.records.outcomes)
				}
				if lag := time.Since(r.watcher.covered()); lag > 6*time.Second {
					t.Errorf("a lag of %s though all was read", lag)
				}
			})
		})
	}
}

// TestOneSecondLargerThanAnyPage stops at that second rather than leave rows out, and says so.
func TestOneSecondLargerThanAnyPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := newRig(), newTable(false)
		begin := time.Now().Add(-time.Hour)
		for n := range 161 {
			source.set(citizen(t, n), begin, facts(1), 0)
		}
		source.set(citizen(t, 161), begin.Add(time.Second), facts(1), 0)
		stop := start(t, r.incremental(source, begin).Run)
		time.Sleep(10 * time.Minute)
		stop()
		if got := r.watermark(t); !got.Equal(begin) || r.records.count("accepted") != 160 {
			t.Errorf("watermark moved by %s, recorded %v", got.Sub(begin), r.records.outcomes)
		}
		if !strings.Contains(r.log.String(), "more rows have one time of update") {
			t.Errorf("log %s", r.log)
		}
	})
}

// TestASourceThatGivesFewerRowsThanAskedFor does not hold a poll within the overlap for ever.
func TestASourceThatGivesFewerRowsThanAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := newRig(), newTable(true)
		source.most = 4
		begin := time.Now().Add(-time.Hour)
		for n := range 60 {
			source.set(citizen(t, n), begin.Add(time.Duration(n)*time.Second), facts(1), 0)
		}
		stop := start(t, r.incremental(source, begin).Run)
		defer stop()
		time.Sleep(10 * time.Minute)
		if got := r.records.count("accepted"); got != 60 {
			t.Errorf("%d of 60 were taken", got)
		}
	})
}

// TestAQuietSourceIsAskedOnceAPass, though each pass reads the overlap.
func TestAQuietSourceIsAskedOnceAPass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := newRig(), newTable(true)
		for n := range 5 {
			source.set(citizen(t, n), time.Now(), facts(1), 0)
		}
		stop := start(t, r.incremental(source, time.Now()).Run)
		time.Sleep(5*time.Minute - time.Second)
		stop()
		if calls, _ := source.calls(); len(calls) != 61 || r.store.puts > 3 {
			t.Errorf("%d calls in 60 passes, %d marks", len(calls), r.store.puts)
		}
	})
}

// TestRowsThatBecomeVisibleLate are found within the overlap, also if the source was away in between.
func TestRowsThatBecomeVisibleLate(t *testing.T) {
	t.Parallel()
	for name, outage := range map[string]time.Duration{"soon": 0, "after an outage": 3 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, source := newRig(), newTable(true)
				begin := time.Now()
				for n := range 10 { // a page that is full: the pass goes on behind it
					source.set(citizen(t, n), begin, facts(1), 0)
				}
				source.set(citizen(t, 10), begin.Add(-time.Minute), facts(2), 90*time.Second) // visible half a minute from now
				source.fail(nil)
				for range int(outage / (3 * time.Minute)) {
					source.fail(&exchange.Error{Code: exchange.SourceDown})
				}
				stop := start(t, r.incremental(source, begin).Run)
				defer stop()
				time.Sleep(time.Minute + outage)
				for n := range 40 {
					source.set(citizen(t, 20+n), time.Now(), facts(3), 0)
					time.Sleep(10 * time.Second)
				}
				time.Sleep(outage + 6*time.Minute)
				if got := r.records.count("accepted"); got != 51 {
					t.Errorf("%d accepted, want 51", got)
				}
				if r.known(t, citizen(t, 10)).State == nil {
					t.Error("the late row was not taken")
				}
			})
		})
	}
}

// TestTheWatermarkWaitsForTheReports: nothing before it may be undurable, whatever fails.
func TestTheWatermarkWaitsForTheReports(t *testing.T) {
	t.Parallel()
	refused := &exchange.Error{Code: exchange.PolicyRefused, Reasons: []exchange.Reason{{Code: "unknown_reporter"}}}
	cases := map[string]struct{ fail, mend func(*rig) }{
		"records": {
			func(r *rig) { r.records.failWith(errors.New("disk full")) }, func(r *rig) { r.records.failWith(nil) },
		},
		"policy": {func(r *rig) { r.announcers.refuse(refused) }, func(r *rig) { r.announcers.refuse(nil) }},
		"policy unavailable": {
			func(r *rig) { r.announcers.refuse(errors.New("no decision")) }, func(r *rig) { r.announcers.refuse(nil) },
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, source := newRig(), newTable(true)
				begin := time.Now().Add(-time.Hour)
				for n := range 25 {
					source.set(citizen(t, n), begin.Add(time.Duration(n)*time.Second), facts(n%12), 0)
				}
				c.fail(r)
				stop := start(t, r.incremental(source, begin).Run)
				defer stop()
				time.Sleep(time.Hour)
				if got := r.watermark(t); !got.Equal(begin) || r.records.count("accepted") != 0 {
					t.Fatalf("the watermark moved by %s, recorded %v", got.Sub(begin), r.records.outcomes)
				}
				c.mend(r)
				time.Sleep(6 * time.Minute)
				if got, want := r.watermark(t), begin.Add(24*time.Second); !got.Equal(want) || r.watcher.count("accepted")+r.watcher.count("unchanged")+r.watcher.count("duplicate") < 25 {
					t.Errorf("watermark %s, want %s; reported %v", got, want, r.watcher.outcomes)
				}
				for n := range 25 {
					if r.known(t, citizen(t, n)).State == nil {
						t.Errorf("row %d was not taken", n)
					}
				}
			})
		})
	}
}

// TestMarksThatFail in both ways: the row is read again or not, and the watermark ends where it belongs.
func TestMarksThatFail(t *testing.T) {
	t.Parallel()
	for name, stored := range map[string]bool{"not stored": false, "stored all the same": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, source, n := newRig(), newTable(true), 0
				r.store.failMark = func() (error, bool) {
					if n++; n%2 == 1 {
						return journal.ErrFailed, stored
					}
					return nil, true
				}
				begin := time.Now().Add(-time.Hour)
				for n := range 35 {
					source.set(citizen(t, n), begin.Add(time.Duration(n)*time.Second), facts(1), 0)
				}
				stop := start(t, r.incremental(source, begin).Run)
				time.Sleep(10 * time.Minute)
				stop()
				if got, want := r.watermark(t), begin.Add(34*time.Second); !got.Equal(want) || r.records.count("accepted") != 35 {
					t.Errorf("watermark %s, want %s; recorded %v", got, want, r.records.outcomes)
				}
			})
		})
	}
}

// TestARowFromTheFuture hides nobody's changes, and is taken when its time has come.
func TestARowFromTheFuture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := newRig(), newTable(true)
		source.set(citizen(t, 0), time.Now().Add(2*time.Hour), facts(5), -3*time.Hour)
		stop := start(t, r.incremental(source, time.Now()).Run)
		defer stop()
		time.Sleep(time.Minute)
		if r.watermark(t).After(time.Now()) || r.watcher.count(OutcomeEarly) != 1 {
			t.Errorf("watermark %s at %s, outcomes %v", r.watermark(t), time.Now(), r.watcher.outcomes)
		}
		source.set(citizen(t, 1), time.Now(), facts(6), 0)
		time.Sleep(time.Minute)
		if r.records.count("accepted") != 1 || r.known(t, citizen(t, 1)).State == nil {
			t.Errorf("today's row was not taken: %v", r.records.outcomes)
		}
		time.Sleep(2 * time.Hour)
		if r.known(t, citizen(t, 0)).State == nil {
			t.Error("its time has come, and it was not taken")
		}
	})
}

// TestRowsThatAreLeft are counted once, and stop nobody; the log names no person.
func TestRowsThatAreLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := newRig(), newTable(true)
		begin := time.Now().Add(-time.Hour)
		broken := func(n int, at time.Time, cause string) {
			key := citizen(t, n).IDNumber.Reveal()
			source.put(exchange.ChangedRow{Place: exchange.ChangePlace{Moment: at, Key: key}, Broken: errors.New(cause)}, begin)
		}
		source.set(citizen(t, 0), begin.Add(time.Second), facts(1), 0)
		broken(1, begin.Add(2*time.Second), "column zjcx: not a list of classes")
		source.set(citizen(t, 2), begin.Add(3*time.Second), facts(1), 0)
		source.set(citizen(t, 3), begin.Add(4*time.Second), exchange.Facts{Classes: []exchange.Class{"C1"}}, 0)
		elsewhere := exchange.ChangedRow{Place: exchange.ChangePlace{Moment: begin.Add(5 * time.Second), Key: "z"}, Subject: citizen(t, 4), Region: "330000", Facts: facts(1)}
		source.put(elsewhere, begin)
		poll := r.incremental(source, begin)
		poll.Region, poll.Aspects = "310000", []exchange.Aspect{exchange.AspectStatus, exchange.AspectPoints}
		stop := start(t, poll.Run)
		time.Sleep(10 * time.Minute)
		stop()
		want := map[string]int{"accepted": 2, OutcomeBroken: 1, OutcomeSilent: 1, OutcomeElsewhere: 1}
		if fmt.Sprint(r.watcher.outcomes) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", r.watcher.outcomes, want)
		}
		if log := r.log.String(); strings.Count(log, "zjcx") != 1 || strings.Contains(log, citizen(t, 1).IDNumber.Reveal()) || strings.Contains(log, "沈") {
			t.Errorf("log %s", log)
		}
	})
}

// TestASourceThatIsDown is left alone for growing waits, and polled again when it is back.
func TestASourceThatIsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, source := newRig(), newTable(true)
		for range 12 {
			source.fail(&exchange.Error{Code: exchange.SourceDown})
		}
		source.fail(&exchange.Error{Code: exchange.SourceRefused, RetryAfter: 4 * time.Minute}, &exchange.Error{Code: exchange.SourceRefused, RetryAfter: time.Hour})
		begin := time.Now()
		source.set(citizen(t, 1), begin, facts(1), 0)
		stop := start(t, r.incremental(source, begin).Run)
		defer stop()
		time.Sleep(time.Hour)
		calls, _ := source.calls()
		for i := range 13 {
			wait := calls[i+1].Sub(calls[i])
			ceiling := min(time.Second<<i, 5*time.Minute)
			if i == 12 { // advised, more than the jitter's half
				ceiling = 5 * time.Minute
			}
			if wait < ceiling/2 || wait > ceiling {
				t.Errorf("wait %d was %s, want from half of %s", i, wait, ceiling)
			}
		}
		if wait := calls[14].Sub(calls[13]); wait != 5*time.Minute {
			t.Errorf("advice of an hour led to a wait of %s", wait)
		}
		if r.records.count("accepted") != 1 {
			t.Errorf("recorded %v", r.records.outcomes)
		}
	})
}

// TestAnswersThatAreWrong move nothing: out of order, endless, a panic of the adapter.
func TestAnswersThatAreWrong(t *testing.T) {
	t.Parallel()
	moment := time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC)
	at := func(s int) exchange.ChangedRow {
		return exchange.ChangedRow{Place: exchange.ChangePlace{Moment: moment.Add(time.Duration(s) * time.Second), Key: "1"}, Region: "310000", Facts: facts(1)}
	}
	for name, lister := range map[string]answering{
		"before the place": {Rows: []exchange.ChangedRow{at(-1)}},
		"out of order":     {Rows: []exchange.ChangedRow{at(300), at(299)}},
		"no progress":      {Rows: []exchange.ChangedRow{{Broken: errors.New("no gxsj")}}, Full: true},
		"panic":            {Full: true, Stuck: true, Rows: nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRig()
				poll := r.incremental(nil, moment.Add(overlap))
				poll.Lister = lister
				stop := start(t, poll.Run)
				time.Sleep(time.Hour)
				stop()
				if got := r.watermark(t); !got.Equal(moment.Add(overlap)) || r.watcher.count("accepted") > 0 {
					t.Errorf("the watermark moved to %s", got)
				}
				if calls := r.watcher.failures[exchange.SourceInvalid] + r.watcher.failures[exchange.Internal] + r.watcher.failures[""]; calls > 40 {
					t.Errorf("%d calls in an hour", calls)
				}
			})
		})
	}
}
