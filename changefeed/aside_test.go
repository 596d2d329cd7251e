package changefeed

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// stumblesOver fails for these licences by a fault of the adapter.
func stumblesOver(licences ...int) func(exchange.Notice, int) (bool, error) {
	return func(n exchange.Notice, _ int) (bool, error) {
		if slices.ContainsFunc(licences, func(one int) bool { return n.Licence == licenceKey(one) }) {
			return false, errors.New("stumbles")
		}
		return true, nil
	}
}

// later turns the clock on.
func (r *rig) later(d time.Duration) { r.offset.Add(int64(d)) }

// offered waits until the cursor has passed all of a licence's partition.
func (r *rig) offered(t *testing.T, platform string, n int) {
	t.Helper()
	r.until(t, "the cursor has passed", func() bool {
		backlog, err := r.Backlog(testContext(t), platform, r.ledger.Partition(licenceKey(n)))
		return err == nil && backlog.Entries == 0
	})
}

// setAside has the platform stumble over licence 1 while it takes others, until that is set aside.
func setAside(t *testing.T, r *rig, platform string) {
	t.Helper()
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.until(t, "it has failed", func() bool { return r.count(platform, string(exchange.Internal)) > 0 })
	for n := 2; n < 30; n++ {
		report(t, r.intake, reported(t, "police", n, 1, zt("B")))
	}
	r.later(2 * asideAfter)
	r.until(t, "it is set aside", func() bool { return r.statusOf(t, platform).Aside == 1 })
	r.offered(t, platform, 1)
}

// TestLicenceIsSetAside: it holds nobody up, is counted, outlives a restart with all that was tried, and is told, each version in its
// turn, once the platform takes it.
func TestLicenceIsSetAside(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("zheliban")
	p.sees(stumblesOver(1))
	everyVersion := func(c *Config) { c.Endpoints[0].EveryVersion = true }
	r.start(t, everyVersion)
	setAside(t, r, "zheliban")
	r.until(t, "all others are told", func() bool { return r.statusOf(t, "zheliban").Entries == 1 })
	if status := r.statusOf(t, "zheliban"); status.Oldest.IsZero() || status.Parked != 0 || p.licences() != 28 {
		t.Errorf("status %+v, %d licences", status, p.licences())
	}
	report(t, r.intake, reported(t, "police", 1, 2, zt("BD")))
	r.stop()
	shut(t, r.journal)
	r.open(t)
	p.sees(nil)
	r.start(t, everyVersion)
	report(t, r.intake, reported(t, "police", 1, 3, zt("D")))
	r.drained(t, "zheliban")
	if got := p.versions(1); !slices.Equal(got, []uint64{1, 2, 3}) {
		t.Errorf("versions %v", got)
	}
	if status := r.statusOf(t, "zheliban"); status.Aside != 0 {
		t.Errorf("status %+v", status)
	}
}

// TestSetAsideIsTriedThoughNothingNewComes, after a restart too, and parked in the end with its whole history.
func TestSetAsideIsTriedThoughNothingNewComes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("zheliban")
	p.sees(stumblesOver(1))
	r.start(t, nil)
	setAside(t, r, "zheliban")
	r.stop()
	r.start(t, nil)
	tried := p.called()
	r.until(t, "it is tried again", func() bool { return p.called() > tried+2 })
	report(t, r.intake, reported(t, "police", 40, 1, zt("B"))) // the platform takes others
	r.until(t, "another one is taken", func() bool { return p.has(40).Version == 1 })
	r.later(2 * time.Hour)
	r.until(t, "it is parked", func() bool { return r.statusOf(t, "zheliban").Parked == 1 })
	r.drained(t, "zheliban")
	preview, err := r.cfg.Parking.Preview(testContext(t), Selection{})
	if err != nil || preview.First[0].Licence != licenceKey(1) || preview.First[0].Attempts < 4 || preview.First[0].Version != 1 {
		t.Errorf("parked %+v, %v", preview.First, err)
	}
}

// TestEnableTriesWhatWasSetAside at once, though it is due in an hour.
func TestEnableTriesWhatWasSetAside(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("zheliban")
	p.sees(func(n exchange.Notice, call int) (bool, error) {
		if n.Licence == licenceKey(1) {
			return false, &exchange.Error{Code: exchange.Internal, RetryAfter: time.Hour}
		}
		return true, nil
	})
	r.start(t, func(c *Config) { c.Patience = Patience{First: time.Millisecond, Longest: 48 * time.Hour} })
	for n := 2; n < 30; n++ { // before, since the platform asks to be left alone for an hour
		report(t, r.intake, reported(t, "police", n, 1, zt("B")))
	}
	r.drained(t, "zheliban")
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.until(t, "it has failed", func() bool { return r.count("zheliban", string(exchange.Internal)) == 1 })
	partition := r.ledger.Partition(licenceKey(1))
	for n := 30; n < 60; n++ {
		if r.ledger.Partition(licenceKey(n)) != partition {
			report(t, r.intake, reported(t, "police", n, 1, zt("B")))
		}
	}
	r.later(2 * asideAfter)
	r.until(t, "others were taken since", func() bool { return r.roster.find("zheliban").lanes[0].takenSince(r.clock().Add(-3 * asideAfter)) })
	report(t, r.intake, reported(t, "police", 1, 2, zt("BD"))) // makes the lane look
	r.until(t, "it is set aside", func() bool { return r.statusOf(t, "zheliban").Aside == 1 })
	r.offered(t, "zheliban", 1)
	p.sees(nil)
	if err := r.Enable(testContext(t), "zheliban", operator); err != nil {
		t.Fatal(err)
	}
	r.drained(t, "zheliban")
	if p.has(1).Version != 2 {
		t.Errorf("it has %+v", p.has(1))
	}
}

// TestEveryPartitionBehindOneThatFails: others are taken all the same, so that it shows whose fault it is.
func TestEveryPartitionBehindOneThatFails(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("zheliban")
	var first [rigPartitions][]int // the licences of each partition
	for n := range 40 {
		at := r.ledger.Partition(licenceKey(n))
		first[at] = append(first[at], n)
	}
	var heads []int
	for _, licences := range first {
		heads = append(heads, licences[0])
	}
	p.sees(stumblesOver(heads...))
	for n := range 40 {
		report(t, r.intake, reported(t, "police", n, 1, zt("B")))
	}
	r.start(t, nil)
	r.until(t, "all others are told", func() bool { return p.licences() == 40-rigPartitions })
	r.later(2 * time.Hour)
	report(t, r.intake, reported(t, "police", 41, 1, zt("B")))
	r.until(t, "those that fail are parked", func() bool { return r.statusOf(t, "zheliban").Parked == rigPartitions })
	r.drained(t, "zheliban")
}

// TestPlatformThatIsDownSetsNothingAside: nothing was taken, so that no licence is to blame.
func TestPlatformThatIsDownSetsNothingAside(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("wechat")
	p.sees(refuse(exchange.SourceDown))
	r.start(t, nil)
	for n := range 4 * windowEntries {
		report(t, r.intake, reported(t, "police", n, 1, zt("B")))
	}
	r.later(time.Hour)
	tried := p.called()
	r.until(t, "it was tried for long", func() bool { return p.called() > tried+20 })
	if status := r.statusOf(t, "wechat"); status.Aside != 0 || status.Entries != 4*windowEntries {
		t.Errorf("status %+v", status)
	}
	p.sees(nil)
	r.drained(t, "wechat")
}

// TestOneGatewayTriesWhatIsSetAside: another one that read the same finds it claimed, also after it has looked again.
func TestOneGatewayTriesWhatIsSetAside(t *testing.T) {
	t.Parallel()
	health := marks{&memory{}}
	one := memoryDispatcher(t, &memory{}, health, newPlatform()).roster.find("wechat").lanes[0]
	two := memoryDispatcher(t, &memory{}, health, newPlatform()).roster.find("wechat").lanes[0]
	set, err := one.asides(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	failing := &way{licence: licenceKey(1), trouble: trouble{time.Now(), 3, []Failure{{time.Now(), exchange.Internal}}}}
	it := &item{entry: journal.Entry{Key: licenceKey(1), Revision: 7, StoredAt: time.Now()}}
	if !set.add(failing, []*item{it}, 0) || set.store(t.Context()) != nil {
		t.Fatal("not stored")
	}
	theirs, err := two.asides(t.Context())
	if err != nil || len(theirs.list) != 1 || theirs.list[0].Attempts != 3 {
		t.Fatalf("%+v, %v", theirs, err)
	}
	if mine, err := set.claim(t.Context()); err != nil || !mine {
		t.Fatal(mine, err)
	}
	if mine, err := theirs.claim(t.Context()); err != nil || mine {
		t.Errorf("both have it: %v", err)
	}
	if theirs, err = two.asides(t.Context()); err != nil {
		t.Fatal(err)
	}
	if wait, any := theirs.due(); !any || wait <= 0 {
		t.Errorf("due in %s", wait)
	}
	set.drop(it)
	if err := set.store(t.Context()); err != nil {
		t.Fatal(err)
	}
	if theirs, err = two.asides(t.Context()); err != nil || len(theirs.list) != 0 || !theirs.claimed.IsZero() {
		t.Errorf("%+v, %v", theirs, err)
	}
}

// TestAsidesAreBounded: what finds no room holds the cursor instead.
func TestAsidesAreBounded(t *testing.T) {
	t.Parallel()
	set := &asides{lane: memoryDispatcher(t, &memory{}, marks{&memory{}}, newPlatform()).roster.find("wechat").lanes[0]}
	items := func(licence string, count int) (*way, []*item) {
		var all []*item
		for n := range count {
			all = append(all, &item{entry: journal.Entry{Key: licence, Revision: journal.Revision(n + 1)}})
		}
		return &way{licence: licence, items: all}, all
	}
	for n := range asidesKept {
		if c, fresh := items(fmt.Sprint("licence-", n), asideEntries-1); !set.add(c, fresh, 0) {
			t.Fatalf("no room for %d", n)
		}
	}
	for name, c := range map[string]struct {
		licence string
		count   int
		want    bool
	}{"another licence": {"one-more", 1, false}, "one more": {"licence-3", 1, true}, "too many": {"licence-4", 2, false}} {
		if way, fresh := items(c.licence, c.count); set.add(way, fresh, 0) != c.want {
			t.Errorf("%s: room is %v", name, !c.want)
		}
	}
}

func FuzzAsides(f *testing.F) {
	f.Add([]byte(`{"v":2,"list":[{"licence":"a1","entries":[{"revision":7,"stored":"2026-11-24T04:00:00Z"}],"attempts":2,"history":[{"at":"2026-11-24T04:00:00Z","code":"internal"}],"due":"2026-11-24T05:00:00Z"}]}`))
	f.Add([]byte(`{"v":1}`))
	f.Add([]byte(`{"v":2,"list":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		form, err := decodeAsides(data)
		if err != nil {
			if !errors.Is(err, ErrUnreadable) {
				t.Fatal(err)
			}
			return
		}
		set := &asides{lane: &lane{cfg: &Config{Clock: time.Now}, endpoint: &endpoint{health: newSwitch("a", nil, time.Now)}}, list: form.List}
		w := newWindow()
		set.join(w)
		if w.floor != 0 || len(w.entries) != 0 {
			t.Fatalf("what was set aside moves the cursor: %+v", w)
		}
	})
}
