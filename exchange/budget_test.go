package exchange

import (
	"testing"
	"testing/synctest"
	"time"
)

// Virtual time: the sources really block, and no second passes.
func TestTimeIsShared(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		budget, first, second time.Duration
	}{
		"default":  {0, 1500 * time.Millisecond, 1500 * time.Millisecond},
		"given":    {10 * time.Second, 5 * time.Second, 5 * time.Second},
		"smallest": {2, 1, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench()
				b.Budget, b.first.block, b.second.block = c.budget, true, true
				answer, err := b.Query(t.Context(), query(t))
				b.refused(t, answer, err, SourceTimeout)
				if b.first.waited != c.first || b.second.waited != c.second {
					t.Errorf("the first had %v, the second %v", b.first.waited, b.second.waited)
				}
			})
		})
	}
}

func TestSlowSourceLeavesTimeForTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.first.block = true
		answer, err := b.Query(t.Context(), query(t))
		if err != nil || answer.Provenance.Source != "second" {
			t.Fatalf("%+v, error %v", answer, err)
		}
		if outcome := b.recorder.only(t).Attempts[1].Outcome; outcome != string(SourceTimeout) {
			t.Errorf("the slow source's attempt: %s", outcome)
		}
	})
}

// A source that fails fast leaves its share to the others.
func TestUnusedShareIsPassedOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.first.err, b.second.block = &Error{Code: SourceDown}, true
		answer, err := b.Query(t.Context(), query(t))
		b.refused(t, answer, err, SourceDown)
		if b.second.waited != DefaultBudget {
			t.Errorf("the second had %v", b.second.waited)
		}
	})
}

// What failed because its time was up is a time-out, whatever the adapter made of it; what the source said of the person stands.
func TestWhatADeadlineCaused(t *testing.T) {
	t.Parallel()
	cases := map[Code]Code{
		SourceDown: SourceTimeout, SourceTimeout: SourceTimeout, TransferInterrupted: SourceTimeout, Internal: SourceTimeout,
		NoRecord: NoRecord, IdentityMismatch: IdentityMismatch,
	}
	for code, want := range cases {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench()
				b.first.block, b.first.err = true, &Error{Code: code}
				b.second.err = &Error{Code: SourceDown}
				answer, err := b.Query(t.Context(), query(t))
				b.refused(t, answer, err, want)
			})
		})
	}
}

func TestSlowRegisterIsATimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.register.block = true
		answer, err := b.Query(t.Context(), query(t))
		if failure := b.refused(t, answer, err, SourceTimeout); failure.Source != "population" || failure.RetryAfter == 0 {
			t.Errorf("%v", failure)
		}
		if b.first.asked != 0 {
			t.Error("the check that did not end counted as passed")
		}
	})
}

// The record has its own time, or a query that used up all of its own would leave none; but it is not waited for without end.
func TestRecordHasItsOwnTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.recorder.block = true
		start := time.Now()
		answer, err := b.Query(t.Context(), query(t))
		if answer != nil || CodeOf(err) != RecordNotDurable || time.Since(start) != recordBudget {
			t.Errorf("%+v after %v, error %v", answer, time.Since(start), err)
		}
	})
}
