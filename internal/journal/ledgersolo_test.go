package journal

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
)

// stubLedger keeps the contract of a ledgerStore for one key in memory. Before each publish it takes the next step.
type stubLedger struct {
	entries []stored // the entry of revision n is the n-th
	steps   []step
	lastErr error
}

// step is one publish: what goes wrong with it, and what another writer does right after it.
type step struct {
	fault
	follow bool // another writer follows whatever is last
}

func (s *stubLedger) add(p *proposal) Revision {
	revision := Revision(len(s.entries) + 1)
	s.entries = append(s.entries, stored{frame: frame{token: p.token, follows: p.follows}, revision: revision})
	return revision
}

func (s *stubLedger) publish(_ context.Context, p *proposal) (revision Revision, err error) {
	var now step
	if len(s.steps) > 0 {
		now, s.steps = s.steps[0], s.steps[1:]
	}
	switch {
	case now.err != nil && !now.stored:
		err = now.err
	case p.follows != Revision(len(s.entries)):
		err = errSequence
	default:
		revision, err = s.add(p), now.err
	}
	if now.follow {
		s.add(&proposal{token: token{9}, follows: Revision(len(s.entries))})
	}
	return revision, err
}

func (s *stubLedger) last(ctx context.Context, _ string) (stored, error) {
	return s.read(ctx, Revision(len(s.entries)))
}

func (s *stubLedger) read(_ context.Context, revision Revision) (stored, error) {
	if s.lastErr != nil {
		return stored{}, s.lastErr
	}
	if revision == 0 || revision > Revision(len(s.entries)) {
		return stored{}, ErrNotFound
	}
	return s.entries[revision-1], nil
}

func TestSoloOutcomes(t *testing.T) {
	t.Parallel()
	answered := step{}
	failed, full := step{fault: fault{err: errLost}}, step{fault: fault{err: ErrFull}}
	kept := step{fault: fault{stored: true, err: errLost}}
	failedFollowed, keptFollowed := failed, kept
	failedFollowed.follow, keptFollowed.follow = true, true
	forever := []step{failed, failed, failed, failed, failed, failed, failed}
	for name, row := range map[string]struct {
		steps    []step
		follows  Revision // that the caller names; the key is at 3
		doubtful bool
		health   error
		last     error
		want     error
		revision Revision
	}{
		"answered":                           {steps: []step{answered}, follows: 3, revision: 4},
		"failed":                             {steps: []step{failed}, follows: 3, revision: 4},
		"failed but it was stored":           {steps: []step{kept}, follows: 3, revision: 4},
		"stored unheard, then followed":      {steps: []step{keptFollowed}, follows: 3, revision: 4},
		"stored unheard, followed twice":     {steps: []step{keptFollowed, {follow: true}}, follows: 3, revision: 4},
		"failed, then another was first":     {steps: []step{failedFollowed}, follows: 3, want: ErrConflict},
		"failed, another first and followed": {steps: []step{failedFollowed, {follow: true}}, follows: 3, want: ErrConflict},
		"another was first":                  {follows: 2, want: ErrConflict},
		"key is not new":                     {follows: 0, want: ErrConflict},
		"revision of the future":             {follows: 9, want: ErrConflict},
		"of the future, in doubt":            {follows: 9, doubtful: true, want: ErrUncertain},
		"another was first, in doubt":        {follows: 2, doubtful: true, want: ErrConflict},
		"full":                               {steps: []step{full}, follows: 3, want: ErrFull},
		"failed, then full":                  {steps: []step{failed, full}, follows: 3, want: ErrFull},
		"stored unheard, then full":          {steps: []step{kept, full}, follows: 3, revision: 4},
		"never answered":                     {steps: forever, follows: 3, want: ErrUncertain},
		"engine is sick":                     {steps: forever, follows: 3, health: errors.New("disk gone"), want: ErrFailed},
		"stored unheard, history is unheard": {steps: []step{kept}, follows: 3, last: errLost, want: ErrUncertain},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				store := &stubLedger{steps: row.steps, lastErr: row.last}
				for i := range Revision(3) {
					store.add(&proposal{token: token{8}, follows: i})
				}
				var told error
				s := &solo{store: store, health: func() error { return row.health }, fail: func(err error) { told = err }, patience: patient()}
				p := &proposal{token: token{1}, follows: row.follows}
				revision, err := s.put(t.Context(), p, row.doubtful)
				if revision != row.revision || !errors.Is(err, row.want) {
					t.Errorf("revision %d, %v; want %d, %v", revision, err, row.revision, row.want)
				}
				if sick := row.health != nil; sick != (told != nil) {
					t.Errorf("the journal was told %v", told)
				}
				if n := copies(store, p.token); n > 1 || (n == 0 && err == nil) {
					t.Errorf("stored %d times", n)
				}
			})
		})
	}
}

func copies(s *stubLedger, mark token) (n int) {
	for _, e := range s.entries {
		if e.token == mark {
			n++
		}
	}
	return n
}

func TestSoloEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := fmt.Errorf("caller left")
	cancel(gone)
	s := &solo{store: &stubLedger{steps: []step{{fault: fault{err: errLost}}}}, health: func() error { return nil }, patience: patient()}
	if _, err := s.put(ctx, &proposal{}, false); !errors.Is(err, ErrUncertain) || !errors.Is(err, gone) {
		t.Errorf("error %v", err)
	}
}
