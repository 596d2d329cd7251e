package trail

import (
	"context"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/evidence"
)

// Bounds of one search. Reading and decoding some 30,000 records takes about a second.
const (
	mostFound = 50
	mostRead  = 20_000
	step      = 500 // read at a time, backwards
	budget    = 2 * time.Second
)

// Trail is the records of one log.
type Trail interface {
	// Head gives the index that the next record would get.
	Head() uint64
	// Scan visits the records from an index on, in order, until visit gives an error, which it returns as it is or wrapped.
	Scan(ctx context.Context, from uint64, visit func(index uint64, entry *evidence.Entry) error) error
}

// query is what somebody looks for. What is empty does not restrict.
type query struct {
	Platform, Decision, Subject string
	From, Until                 time.Time
}

func (q *query) fits(e *evidence.Entry) bool {
	return (q.Platform == "" || e.Platform == q.Platform) && (q.Decision == "" || strings.EqualFold(e.ID, q.Decision)) &&
		(q.Subject == "" || strings.EqualFold(e.Subject, q.Subject)) && !e.Time.Before(q.From) && (q.Until.IsZero() || e.Time.Before(q.Until))
}

// found is one record that fits.
type found struct {
	Index uint64
	Entry evidence.Entry
}

// outcome is what a search came to. Back is the index of the oldest record that was looked at; whoever wants more goes on before it.
type outcome struct {
	Found []found
	Read  int
	Back  uint64
	Since time.Time // of the record at Back; zero if none was read
	Whole bool      // there is nothing before it, or nothing before it can fit
}

// earlyBy is how much older than its neighbours a record may be: they are stored in the order in which answers were ready.
const earlyBy = time.Minute

// search looks back from before (not included).
func search(ctx context.Context, t Trail, q query, before uint64) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	o := outcome{Back: min(before, t.Head())}
	for !o.done(&q) {
		entries, err := stretch(ctx, t, o.Back)
		if ctx.Err() != nil && o.Read > 0 {
			return o, nil // as far as it came
		}
		if err != nil {
			return o, err
		}
		o.take(entries, &q)
	}
	o.Whole = o.Back == 0 || o.past(&q)
	return o, nil
}

func (o *outcome) done(q *query) bool {
	return o.Back == 0 || len(o.Found) >= mostFound || o.Read >= mostRead || o.past(q) || q.Decision != "" && len(o.Found) > 0 && q.Subject == ""
}

// past reports that everything before is older than what is looked for.
func (o *outcome) past(q *query) bool {
	return !q.From.IsZero() && !o.Since.IsZero() && o.Since.Before(q.From.Add(-earlyBy))
}

// take looks at a stretch of records from its end.
func (o *outcome) take(entries []found, q *query) {
	for i := len(entries) - 1; i >= 0 && len(o.Found) < mostFound; i-- {
		one := entries[i]
		o.Read, o.Back, o.Since = o.Read+1, one.Index, one.Entry.Time
		if q.fits(&one.Entry) {
			o.Found = append(o.Found, one)
		}
	}
}

// stretch reads the records before an index.
func stretch(ctx context.Context, t Trail, before uint64) ([]found, error) {
	from := uint64(0)
	if before > step {
		from = before - step
	}
	entries := make([]found, 0, before-from)
	err := t.Scan(ctx, from, func(index uint64, entry *evidence.Entry) error {
		if index >= before {
			return errEnough
		}
		entries = append(entries, found{index, *entry})
		return ctx.Err()
	})
	return entries, enough(err)
}
