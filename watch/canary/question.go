package canary

import (
	"cmp"
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
)

// The defaults of a [Question]: an outage shows after Every and Timeout at most, 13 s, and what is wrong or stale as soon.
const (
	DefaultEvery   = 10 * time.Second
	DefaultTimeout = 3 * time.Second
	DefaultMaxAge  = 36 * time.Hour // a daily copy that missed half a day
)

// Watcher is told what canaries saw; [watch.Watcher] is one.
type Watcher interface {
	Compared(id string, right bool, field string)
	Sighted(id string, asOf time.Time, bound time.Duration)
}

// Outcome is how a canary's question ended, for counting.
type Outcome string

// The outcomes of a question.
const (
	Right  Outcome = "right"
	Wrong  Outcome = "wrong"  // answered, with another value, or as if there were no such licence
	Stale  Outcome = "stale"  // right, and older than it may be
	Failed Outcome = "failed" // not answered
)

// Question is one canary: a licence of a source that is asked for on a schedule.
type Question struct {
	Source   *exchange.Source // as the watcher watches it, so that the question counts as a call
	Request  exchange.SourceRequest
	Expect   Expect
	Every    time.Duration // 0: DefaultEvery
	Timeout  time.Duration // of one question. 0: DefaultTimeout
	MaxAge   time.Duration // how old the answer may be. 0: DefaultMaxAge
	Watcher  Watcher
	Observe  func(source string, outcome Outcome, took time.Duration) // nil: nobody counts
	Identity bool                                                     // the source's register is asked, not its licences
	Clock    func() time.Time
}

// Run asks until ctx ends, the first time at once.
func (q *Question) Run(ctx context.Context) error {
	ticker := time.NewTicker(cmp.Or(q.Every, DefaultEvery))
	defer ticker.Stop()
	for {
		_, _ = q.Ask(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Ask asks once and gives the outcome; the error, of Failed alone, is the source's.
func (q *Question) Ask(ctx context.Context) (Outcome, error) {
	began := q.Clock()
	within, cancel := context.WithTimeout(watch.AsCanary(ctx), cmp.Or(q.Timeout, DefaultTimeout))
	defer cancel()
	asked := q.Request
	asked.Now = began
	outcome, err := q.ask(within, asked)
	if ctx.Err() != nil { // stopping says nothing about the source
		return Failed, err
	}
	if q.Observe != nil {
		q.Observe(q.Source.ID, outcome, q.Clock().Sub(began))
	}
	return outcome, err
}

func (q *Question) ask(ctx context.Context, asked exchange.SourceRequest) (Outcome, error) {
	got, asOf, err := q.read(ctx, asked)
	switch {
	case watch.Failure(err):
		return Failed, err
	case err != nil: // an answer about the person: the canary is not as it was agreed
		q.Watcher.Compared(q.Source.ID, false, string(exchange.CodeOf(err)))
		return Wrong, nil
	}
	bound := cmp.Or(q.MaxAge, DefaultMaxAge)
	q.Watcher.Sighted(q.Source.ID, asOf, bound)
	field := q.Expect.first(got)
	q.Watcher.Compared(q.Source.ID, field == "", field)
	switch {
	case field != "":
		return Wrong, nil
	case q.Clock().Sub(asOf) > bound:
		return Stale, nil
	}
	return Right, nil
}

// read gives the values of the answer and when they were true.
func (q *Question) read(ctx context.Context, asked exchange.SourceRequest) (map[string]string, time.Time, error) {
	if q.Identity {
		verdict, err := q.Source.Identities.Match(ctx, asked)
		return map[string]string{Verdict: string(verdict)}, q.Clock(), err
	}
	sighting, err := q.Source.Licences.Licence(ctx, asked)
	return valuesOf(&sighting.Value), sighting.AsOf, err
}
