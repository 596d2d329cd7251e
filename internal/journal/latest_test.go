package journal

import (
	"fmt"
	"strconv"
	"testing"
)

func kept(l *latest, key string) Revision {
	s, _ := l.get(key)
	return s.revision
}

func newest(key string, revision Revision) stored { return stored{key: key, revision: revision} }

// TestLatestKnowsNothingOld: what a Put may have changed is forgotten, and what was read meanwhile is not kept.
func TestLatestKnowsNothingOld(t *testing.T) {
	t.Parallel()
	var l latest
	l.keep(newest("a", 1), l.reading())
	l.keep(newest("b", 2), l.reading())
	if kept(&l, "a") != 1 || kept(&l, "b") != 2 {
		t.Fatal("what was read is not there")
	}
	before := l.reading()
	l.ended("a", nil)
	l.keep(newest("a", 1), before)
	if kept(&l, "a") != 0 || kept(&l, "b") != 2 {
		t.Errorf("after a put of a: a is %d, b is %d", kept(&l, "a"), kept(&l, "b"))
	}
	l.ended("b", fmt.Errorf("put: %w", ErrConflict))
	l.keep(newest("a", 3), l.reading())
	if kept(&l, "b") != 0 || kept(&l, "a") != 3 {
		t.Error("a conflict says that somebody was first")
	}
	l.ended("c", fmt.Errorf("put: %w", ErrUncertain))
	l.keep(newest("b", 4), l.reading())
	if kept(&l, "a")+kept(&l, "b") != 0 {
		t.Error("something is known though a put may still come into effect")
	}
}

func TestLatestIsBounded(t *testing.T) {
	t.Parallel()
	var l latest
	for i := range 3 * latestKeys {
		key := strconv.Itoa(i)
		l.keep(newest(key, Revision(i+1)), l.reading())
		if i%5 == 0 {
			l.ended(key, nil)
			l.keep(newest(key, Revision(i+2)), l.reading())
		}
		if kept(&l, key) == 0 || len(l.entries) > latestKeys {
			t.Fatalf("key %d is at %d, %d are kept", i, kept(&l, key), len(l.entries))
		}
	}
	l.keep(stored{key: "large", revision: 1, frame: frame{data: make([]byte, recentBytes+1)}}, l.reading())
	if kept(&l, "large") != 0 {
		t.Error("a large one is kept")
	}
}

// TestLastSeesEveryPut also of a ledger that is opened twice.
func TestLastSeesEveryPut(t *testing.T) {
	t.Parallel()
	ctx, j := testContext(t), open(t, t.TempDir())
	one, other := openLedger(t, j, LedgerConfig{}), openLedger(t, j, LedgerConfig{})
	var last Revision
	for round := range 5 {
		last = put(t, one, "a", strconv.Itoa(round), last)
		for range 2 { // the second time from memory
			for name, l := range map[string]*Ledger{"one": one, "other": other} {
				if e, err := l.Last(ctx, "a"); err != nil || e.Revision != last || string(e.Data) != strconv.Itoa(round) {
					t.Fatalf("%s: last %+v, %v; want revision %d", name, e, err, last)
				}
			}
		}
	}
}
