package journal

import (
	"context"
	"fmt"
	"sort"
)

// recentMarks is how many of the latest messages are remembered at least; twice as many at most, which is 128 KiB a log.
const recentMarks = 4096

// mark says that the message with this sequence begins at index first.
type mark struct{ sequence, first uint64 }

// recent remembers where the latest messages begin, in ascending order. Most reads want them: a proof or a receipt is
// asked for soon after the record was made.
type recent struct{ marks []mark }

func (r *recent) add(m mark) {
	if len(r.marks) == 2*recentMarks { // drop the older half at once, not one by one
		r.marks = append(r.marks[:0], r.marks[recentMarks:]...)
	}
	r.marks = append(r.marks, m)
}

// before returns the mark of the message that holds index; ok is false when that message is too old to be remembered. No
// message is left out between two marks, so the last mark at or below index is the right one.
func (r *recent) before(index uint64) (m mark, ok bool) {
	i := sort.Search(len(r.marks), func(i int) bool { return r.marks[i].first > index })
	if i == 0 {
		return mark{}, false
	}
	return r.marks[i-1], true
}

func (r *reader) remember(sequence, first uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recent.add(mark{sequence: sequence, first: first})
}

// find returns the message that holds index, and its sequence. Recent messages take one read; older ones are searched by
// bisection, about 20 reads in a million messages.
func (r *reader) find(ctx context.Context, index uint64) (message, uint64, error) {
	m, sequence := r.lastHeld()
	if sequence != 0 && m.holds(index) {
		return m, sequence, nil
	}
	m, sequence, err := r.search(ctx, index)
	if err != nil {
		return message{}, 0, err
	}
	if !m.holds(index) {
		return message{}, 0, fmt.Errorf("%w: message %d does not hold the index", ErrCorrupt, sequence)
	}
	r.hold(m, sequence)
	return m, sequence, nil
}

// search returns the last message that begins at or below index.
func (r *reader) search(ctx context.Context, index uint64) (message, uint64, error) {
	known, low, high, err := r.bounds(ctx, index)
	if err != nil {
		return message{}, 0, err
	}
	if known {
		m, err := r.load(ctx, low)
		return m, low, err
	}
	return r.bisect(ctx, index, low, high)
}

// bounds returns the sequence of the message when it is known, else the range of sequences that can hold the index.
func (r *reader) bounds(ctx context.Context, index uint64) (known bool, low, high uint64, err error) {
	r.mu.Lock()
	m, known := r.recent.before(index)
	if len(r.recent.marks) > 0 {
		high = r.recent.marks[0].sequence - 1
	}
	r.mu.Unlock()
	if known {
		return true, m.sequence, m.sequence, nil
	}
	low, err = r.source.first(ctx)
	return false, low, high, err
}

// bisect looks for the message with index among the sequences low to high, both included.
func (r *reader) bisect(ctx context.Context, index, low, high uint64) (message, uint64, error) {
	for low <= high {
		middle := low + (high-low)/2
		m, err := r.load(ctx, middle)
		switch {
		case err != nil || m.holds(index):
			return m, middle, err
		case m.first > index:
			high = middle - 1
		default:
			low = middle + 1
		}
	}
	return message{}, 0, fmt.Errorf("%w: no message holds the index", ErrCorrupt)
}

func (r *reader) lastHeld() (message, uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.held, r.heldAt
}

func (r *reader) hold(m message, sequence uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held, r.heldAt = m, sequence
}
