package changefeed

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestNothingTakenForDays switches off, but only after MaxAge.
func TestNothingTakenForDays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("wechat")
	p.sees(refuse(exchange.SourceDown))
	r.start(t, nil)
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.until(t, "it was tried a few times", func() bool { return r.count("wechat", string(exchange.SourceDown)) > 3 })
	if r.statusOf(t, "wechat").Health.Off {
		t.Fatal("off too early")
	}
	r.offset.Store(int64(73 * time.Hour))
	r.until(t, "the endpoint is off", func() bool { return r.statusOf(t, "wechat").Health.Off })
	if status := r.statusOf(t, "wechat"); status.Entries != 1 || status.Parked != 0 || status.Lag < 73*time.Hour || len(r.alerted()) != 1 {
		t.Errorf("status %+v, alerts %v", status, r.alerted())
	}
	p.sees(nil)
	if err := r.Enable(testContext(t), "wechat", Action{Operator: "op-1", Reason: "repaired"}); err != nil {
		t.Fatal(err)
	}
	r.drained(t, "wechat")
}

// TestOneEntryThatNeverGoesThrough is parked when others went through since.
func TestOneEntryThatNeverGoesThrough(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("zheliban")
	p.sees(func(n exchange.Notice, _ int) (bool, error) {
		if n.Licence == licenceKey(1) {
			return false, errors.New("adapter stumbles")
		}
		return true, nil
	})
	r.start(t, nil)
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.until(t, "it was tried a few times", func() bool { return r.count("zheliban", string(exchange.Internal)) > 3 })
	r.offset.Store(int64(61 * time.Minute))
	r.until(t, "it was tried again", func() bool { return r.count("zheliban", string(exchange.Internal)) > 6 })
	if r.statusOf(t, "zheliban").Parked != 0 {
		t.Fatal("parked though nothing else went through")
	}
	for n := 2; n < 10; n++ { // other partitions, so that some go through
		report(t, r.intake, reported(t, "police", n, 1, zt("B")))
	}
	r.drained(t, "zheliban")
	if status := r.statusOf(t, "zheliban"); status.Parked != 1 || status.Health.Off || p.licences() != 8 {
		t.Errorf("status %+v, %d licences", status, p.licences())
	}
}

// TestOwnTroubleIsNoReasonToGiveUp: the record can't be made, however long.
func TestOwnTroubleIsNoReasonToGiveUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("zheliban")
	r.start(t, nil)
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.drained(t, "zheliban")
	records := &recorder{fail: errors.New("disk is away")}
	r.stop()
	r.offset.Store(int64(100 * time.Hour))
	report(t, r.intake, reported(t, "police", 1, 2, zt("BD")))
	r.start(t, func(c *Config) { c.Recorder = records })
	r.until(t, "the record was tried", func() bool { return r.count("zheliban", string(exchange.RecordNotDurable)) > 0 })
	if status := r.statusOf(t, "zheliban"); status.Health.Off || status.Entries != 1 || status.Parked != 0 {
		t.Errorf("status %+v", status)
	}
	records.mu.Lock()
	records.fail = nil
	records.mu.Unlock()
	r.drained(t, "zheliban")
	if got := p.versions(1); !slices.Equal(got, []uint64{1, 2}) {
		t.Errorf("versions %v", got)
	}
}

func TestWaitsGrow(t *testing.T) {
	t.Parallel()
	p := Patience{}.withDefaults()
	longest := func(limit time.Duration) time.Duration { return limit }
	for failures, want := range map[int]time.Duration{
		1: 200 * time.Millisecond, 2: 400 * time.Millisecond, 5: 3200 * time.Millisecond, 15: 3276800 * time.Millisecond, 16: time.Hour, 1000: time.Hour,
	} {
		if got := p.wait(failures, 0, longest); got != want {
			t.Errorf("after %d failures: %s, want %s", failures, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		failures, advice := rapid.IntRange(1, 1<<40).Draw(t, "failures"), time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(t, "advice"))
		share := rapid.Float64Range(0, 1).Draw(t, "share")
		got := p.wait(failures, advice, func(limit time.Duration) time.Duration { return time.Duration(share * float64(limit)) })
		if got < min(advice, p.Longest) || got > p.Longest {
			t.Fatalf("%s", got)
		}
	})
}
