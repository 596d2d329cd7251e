package journal

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// stubStream keeps the contract of a stream in memory. Before each publish it takes the next fault, if there is one.
type stubStream struct {
	last    uint64
	payload []byte
	writes  int // payloads stored
	faults  []fault
	tailErr error
}

// fault is one failing publish: "failed", or "failed but it was stored".
type fault struct {
	stored bool
	err    error
}

var errLost = errors.New("answer lost")

func (s *stubStream) publish(_ context.Context, payload []byte, last uint64) (uint64, error) {
	var f fault
	if len(s.faults) > 0 {
		f, s.faults = s.faults[0], s.faults[1:]
		if !f.stored {
			return 0, f.err
		}
	}
	if last != s.last {
		return 0, errSequence
	}
	s.last++
	s.writes++
	s.payload = append([]byte(nil), payload...)
	return s.last, f.err
}

func (s *stubStream) tail(context.Context) (uint64, []byte, error) {
	return s.last, s.payload, s.tailErr
}

func TestCommitOutcomes(t *testing.T) {
	t.Parallel()
	failed, stored := fault{err: errLost}, fault{stored: true, err: errLost}
	full := fault{err: ErrFull}
	forever := []fault{failed, failed, failed, failed, failed, failed, failed}
	for name, row := range map[string]struct {
		faults []fault
		last   uint64 // that the caller names; the stream is at 7
		health error
		tail   error
		want   error
		writes int
	}{
		"answered":                     {last: 7, writes: 1},
		"failed":                       {last: 7, faults: []fault{failed}, writes: 1},
		"failed but it was stored":     {last: 7, faults: []fault{stored}, writes: 1},
		"failed, then stored unheard":  {last: 7, faults: []fault{failed, stored}, writes: 1},
		"full":                         {last: 7, faults: []fault{full}, want: ErrFull},
		"stored unheard, then full":    {last: 7, faults: []fault{stored, full}, writes: 1},
		"failed, then full":            {last: 7, faults: []fault{failed, full}, want: ErrFull},
		"never answered":               {last: 7, faults: forever, want: ErrFailed},
		"engine is sick":               {last: 7, faults: forever, health: errors.New("disk gone"), want: ErrFailed},
		"another writer":               {last: 6, want: ErrConflict},
		"stream lost its end":          {last: 8, want: ErrConflict},
		"stored unheard, tail unheard": {last: 7, faults: []fault{stored}, tail: errLost, want: ErrFailed, writes: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &stubStream{last: 7, payload: []byte("the one before"), faults: row.faults, tailErr: row.tail}
				c := &committer{stream: s, health: func() error { return row.health }, patience: patient()}
				sequence, err := c.store(t.Context(), []byte("ours"), row.last)
				if !errors.Is(err, row.want) || (err == nil && sequence != 8) {
					t.Errorf("sequence %d, error %v; want error %v", sequence, err, row.want)
				}
				if s.writes != row.writes {
					t.Errorf("stored %d times, want %d", s.writes, row.writes)
				}
			})
		})
	}
}

func TestCommitEndsWithItsLog(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(ErrClosed)
	c := &committer{stream: &stubStream{faults: []fault{{err: errLost}}}, health: func() error { return nil }, patience: patient()}
	if _, err := c.store(ctx, nil, 0); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v, want %v", err, ErrClosed)
	}
}
