package journal

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// stubSource is a stream in memory: the payload with sequence n is the n-th.
type stubSource struct {
	payloads [][]byte
	reads    int
}

func (s *stubSource) first(context.Context) (uint64, error) {
	return min(1, uint64(len(s.payloads))), nil
}

func (s *stubSource) message(_ context.Context, sequence uint64) ([]byte, error) {
	s.reads++
	if sequence == 0 || sequence > uint64(len(s.payloads)) {
		return nil, fmt.Errorf("%w: message %d", ErrCorrupt, sequence)
	}
	return s.payloads[sequence-1], nil
}

func (s *stubSource) messages(ctx context.Context, from uint64) ([][]byte, error) {
	if _, err := s.message(ctx, from); err != nil {
		return nil, err
	}
	return s.payloads[from-1:], nil
}

// stubLog has messages of 1, 2, 3, 1, 2, 3 ... records, each record being its index. It remembers where the latest known
// ones begin; an opened log knows its last one at least.
func stubLog(messages, known int) (*Log, *stubSource) {
	s := &stubSource{}
	w := &writer{}
	r := &reader{source: s}
	var index uint64
	for n := range messages {
		b := newBatch(nil)
		for i := range 1 + n%3 {
			b.add(Record{Data: fmt.Append(nil, index+uint64(i))})
		}
		b.seal(1, index)
		s.payloads = append(s.payloads, b.buf)
		if n >= messages-known {
			r.remember(uint64(n+1), index)
		}
		index += uint64(b.count)
	}
	w.head.Store(index)
	return &Log{cfg: LogConfig{Name: "records"}, writer: w, reader: r}, s
}

func TestGetFindsEachIndex(t *testing.T) {
	t.Parallel()
	const messages = 1000
	for _, known := range []int{1, 2, 10, messages} {
		l, s := stubLog(messages, known)
		for index := range l.Head() {
			s.reads = 0
			r, err := l.Get(t.Context(), index)
			if err != nil || string(r.Data) != fmt.Sprint(index) {
				t.Fatalf("%d messages known, index %d: %q, %v", known, index, r.Data, err)
			}
			if s.reads > 10 { // 2^10 is more than all messages
				t.Fatalf("%d messages known, index %d took %d reads", known, index, s.reads)
			}
		}
	}
}

func TestRecentForgetsTheOldest(t *testing.T) {
	t.Parallel()
	var r recent
	const n = 5*recentMarks + 7
	for i := range uint64(n) {
		r.add(mark{sequence: i + 1, first: 10 * i})
	}
	if len(r.marks) > 2*recentMarks || len(r.marks) < recentMarks {
		t.Errorf("%d marks are kept", len(r.marks))
	}
	if m, ok := r.before(10*n - 5); !ok || m.sequence != n {
		t.Errorf("the last message: %+v, %v", m, ok)
	}
	if _, ok := r.before(0); ok {
		t.Error("the first message is still remembered")
	}
}

func TestScanNoticesGapsAndDamage(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(s *stubSource){
		"gap":       func(s *stubSource) { s.payloads = append(s.payloads[:4], s.payloads[5:]...) },
		"doubled":   func(s *stubSource) { s.payloads[4] = s.payloads[3] },
		"damaged":   func(s *stubSource) { s.payloads[4] = append([]byte{9}, s.payloads[4]...) },
		"cut short": func(s *stubSource) { s.payloads = s.payloads[:5] },
	} {
		l, s := stubLog(9, 1)
		damage(s)
		err := l.Scan(t.Context(), 0, func(Position, Record) error { return nil })
		if !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestScanBeginsAndStopsWhereAsked(t *testing.T) {
	t.Parallel()
	l, s := stubLog(9, 1)
	s.payloads = append(s.payloads, sealed(l.Head(), Record{})) // stored after the scan began
	for from := range l.Head() + 2 {
		next := from
		err := l.Scan(t.Context(), from, func(p Position, _ Record) error {
			if p.Index != next {
				t.Errorf("from %d: index %d, want %d", from, p.Index, next)
			}
			next++
			return nil
		})
		if err != nil || next != max(from, l.Head()) {
			t.Errorf("from %d: ended at %d, %v", from, next, err)
		}
	}
	stop := errors.New("enough")
	if err := l.Scan(t.Context(), 0, func(Position, Record) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a visit that fails: %v", err)
	}
}
