package journal

import (
	"errors"
	"fmt"
	"sync"
	"testing"
)

// TestOneOfManyWins lets 64 writers on two connections race for each revision of each key. Every writer that lost reads
// again, so the rounds overlap and Puts of all kinds meet: alone, in batches, in batches that conflict.
func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	ledgers := []*Ledger{openLedger(t, j, LedgerConfig{}), secondLedger(t, j)}
	const keys, rounds = 20, 5
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		wins = make(map[string]Revision) // key and followed revision to the winner
	)
	for caller := range 64 {
		l := ledgers[caller%2]
		wg.Go(func() {
			for i := range keys * rounds {
				key := fmt.Sprintf("key-%d", (i+caller)%keys)
				last, err := l.Last(t.Context(), key)
				if err != nil && !errors.Is(err, ErrNotFound) {
					t.Error(err)
					return
				}
				revision, err := l.Put(t.Context(), key, fmt.Append(nil, caller), last.Revision)
				if errors.Is(err, ErrConflict) {
					continue
				}
				mu.Lock()
				place := fmt.Sprint(key, " after ", last.Revision)
				if other, taken := wins[place]; taken || err != nil {
					t.Errorf("%s: revisions %d and %d, %v", place, other, revision, err)
				}
				wins[place] = revision
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	checkHistory(t, ledgers[0], wins)
}

// checkHistory reads each partition from the start: every acknowledged entry is there, each follows its key's one before.
func checkHistory(t *testing.T, l *Ledger, wins map[string]Revision) {
	t.Helper()
	last := make(map[string]Revision)
	found := 0
	for partition := range l.Partitions() {
		err := l.ScanSince(testContext(t), partition, 0, func(e Entry) error {
			if e.Follows != last[e.Key] {
				return fmt.Errorf("revision %d follows %d, its key was at %d", e.Revision, e.Follows, last[e.Key])
			}
			last[e.Key] = e.Revision
			if won, ok := wins[fmt.Sprint(e.Key, " after ", e.Follows)]; ok {
				found++
				if won != e.Revision {
					t.Errorf("revision %d took the place of %d", e.Revision, won)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found != len(wins) || found == 0 {
		t.Errorf("%d of %d acknowledged entries are there", found, len(wins))
	}
}
