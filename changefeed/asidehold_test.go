package changefeed

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// asideLane is a lane, with marks that may be shared, that has set one entry of licence 1 aside.
func asideLane(t *testing.T, health marks) (*lane, *asides) {
	t.Helper()
	l := memoryDispatcher(t, &memory{}, health, newPlatform()).roster.find("wechat").lanes[0]
	l.cfg.Random = func(most time.Duration) time.Duration { return most }
	set, err := l.asides(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	failing := &way{licence: licenceKey(1), trouble: trouble{time.Now(), 3, []Failure{{time.Now(), exchange.Internal}}}}
	if !set.add(failing, []*item{{entry: journal.Entry{Key: licenceKey(1), Revision: 7, StoredAt: time.Now()}}}, 0) || set.store(t.Context()) != nil {
		t.Fatal("not stored")
	}
	return l, set
}

// TestAsideDoesNotTireItsLane: what was set aside fails at its own pace; the platform is no worse for it, and what is new goes on.
func TestAsideDoesNotTireItsLane(t *testing.T) {
	t.Parallel()
	l, set := asideLane(t, marks{&memory{}})
	s := newStint(l, nil, nil, set)
	c := s.window.start(time.Now(), false)
	s.under++
	s.took(result{way: c, fate: failed, wait: time.Minute})
	if s.rest.failures != 0 || set.list[0].Due.Before(time.Now().Add(50*time.Second)) {
		t.Errorf("rest %+v, due %s", s.rest, set.list[0].Due)
	}
	c = s.window.take(journal.Entry{Key: licenceKey(2), Revision: 8})
	s.window.waiting = []*way{c}
	s.under++
	s.took(result{way: s.window.start(time.Now(), false), fate: failed, wait: time.Minute})
	if s.rest.failures != 1 {
		t.Errorf("a new entry's failure: rest %+v", s.rest)
	}
}

// TestLicenceGoesOnOnceItsAsideIsForgotten, whoever stores that it was told.
func TestLicenceGoesOnOnceItsAsideIsForgotten(t *testing.T) {
	t.Parallel()
	l, set := asideLane(t, marks{&memory{}})
	s := newStint(l, nil, nil, set)
	told := s.window.start(time.Now(), false)
	s.settled(told, true)
	next := s.window.take(journal.Entry{Key: licenceKey(1), Revision: 8})
	if s.window.isWaiting(next) {
		t.Fatal("the next version has its turn before the last is told for good")
	}
	other := s.window.take(journal.Entry{Key: licenceKey(2), Revision: 9})
	s.window.entries = s.window.entries[1:]
	other.trouble = trouble{since: l.cfg.Clock().Add(-time.Hour), attempts: 3}
	if err := l.endpoint.health.succeeded(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.setAside(t.Context()); err != nil || !other.items[0].aside {
		t.Fatalf("the other one is not set aside: %v", err)
	}
	if !s.window.isWaiting(next) {
		t.Error("the marks were stored, and the licence still rests")
	}
}

// TestHolderHasWhatIsSetAside: a gateway that holds the partition keeps others from what was set aside, until it gives it up; what another
// one tries already it leaves alone.
func TestHolderHasWhatIsSetAside(t *testing.T) {
	t.Parallel()
	health := marks{&memory{}}
	one, _ := asideLane(t, health)
	two := memoryDispatcher(t, &memory{}, health, newPlatform()).roster.find("wechat").lanes[0]
	read := func(l *lane) *asides {
		t.Helper()
		set, err := l.asides(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	held, err := one.taken(t.Context())
	if err != nil || !held.mine {
		t.Fatalf("%+v, %v", held, err)
	}
	for range 2 { // a store keeps the claim
		if wait, _ := read(two).due(); wait <= 0 {
			t.Errorf("another gateway would try it in %s", wait)
		}
		if err := held.store(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if held.release(); !held.dirty || held.store(t.Context()) != nil {
		t.Fatal("not given up")
	}
	vigil := read(two)
	if mine, err := vigil.claim(t.Context()); !mine || err != nil {
		t.Fatalf("after it was given up: %v", err)
	}
	if held, err = one.taken(t.Context()); err != nil || held.mine {
		t.Fatalf("%+v, %v", held, err)
	}
	if s := newStint(one, nil, nil, held); s.window.start(time.Now(), false) != nil {
		t.Error("both try it")
	}
}

// TestNothingIsDueBeforeAProbeMayStart: a lane that can start nothing sleeps.
func TestNothingIsDueBeforeAProbeMayStart(t *testing.T) {
	t.Parallel()
	l, set := asideLane(t, marks{&memory{}})
	set.list[0].Due = time.Now().Add(time.Hour)
	s := newStint(l, nil, nil, set)
	s.rest = rest{failures: 3, until: time.Now().Add(-time.Second)}
	if wait := s.sleep(); wait < time.Second {
		t.Errorf("it wakes up after %s for nothing", wait)
	}
}

// TestWhatWaitsIsCountedOnce: an entry that was set aside and that the cursor has not passed yet is in its backlog; of those that it has
// passed the oldest that is not told says how long the platform has waited.
func TestWhatWaitsIsCountedOnce(t *testing.T) {
	t.Parallel()
	l, set := asideLane(t, marks{&memory{}})
	first := set.list[0].Entries[0].Stored
	later := &item{aside: true, entry: journal.Entry{Key: licenceKey(1), Revision: 9, StoredAt: first.Add(time.Hour)}}
	if !set.add(&way{licence: licenceKey(1)}, []*item{later}, 0) {
		t.Fatal("no room")
	}
	for passed, want := range map[journal.Revision]uint64{6: 0, 7: 1, 8: 1, 9: 2} {
		var status Status
		if status.add(set, passed); status.Entries != want || status.Aside != 1 || (want > 0) != status.Oldest.Equal(first) {
			t.Errorf("the cursor is at %d: %+v", passed, status)
		}
	}
	set.drop(&item{entry: journal.Entry{Key: licenceKey(1), Revision: 7}})
	if err := set.store(t.Context()); err != nil {
		t.Fatal(err)
	}
	again, err := l.asides(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var status Status
	if status.add(again, 9); status.Entries != 1 || !status.Oldest.Equal(later.entry.StoredAt) {
		t.Errorf("after the first was told: %+v", status)
	}
	w := newWindow()
	if again.join(w); !w.ways[licenceKey(1)].items[0].entry.StoredAt.Equal(later.entry.StoredAt) {
		t.Error("what is left counts as old as what was told")
	}
}
