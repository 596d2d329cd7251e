package shadow

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Config is what a [Shadow] works with. All members are required.
type Config struct {
	Active    exchange.Decider // in force
	Candidate exchange.Decider // asked beside it
	MaxCPU    float64          // share of one processor that the candidate may take, such as 0.1
	Clock     func() time.Time
	Observe   func(Event) // told of each request's fate, for metrics
}

// Event is what became of a request beside its decision.
type Event struct {
	Outcome Outcome
	Found   *Finding // of a changed one
}

// Outcome is what the candidate said, or why it was not asked.
type Outcome string

// The outcomes.
const (
	Same    Outcome = "same"
	Changed Outcome = "changed"
	Failed  Outcome = "failed"  // it could not decide, which is a refusal at work
	Skipped Outcome = "skipped" // its share of the processor was used up
	Dropped Outcome = "dropped" // too many waited
)

// waiting is how many requests wait for the candidate at most.
const waiting = 256

// Shadow decides by the policies in force and asks the candidate afterwards, off the path of the request. It is an [exchange.Decider]
// and safe for concurrent use.
type Shadow struct {
	config  Config
	queue   chan asked
	dropped atomic.Uint64
	found   *found
	budget  budget // owned by Run
}

// asked is a request with the word that stands. Neither is changed by anybody.
type asked struct {
	request  exchange.DecisionRequest
	decision exchange.Decision
}

var _ exchange.Decider = (*Shadow)(nil)

// New makes a shadow. The candidate is asked only while [Shadow.Run] runs.
func New(config Config) *Shadow {
	now := config.Clock()
	return &Shadow{config: config, queue: make(chan asked, waiting), found: newFound(now), budget: newBudget(config.MaxCPU, now)}
}

// Decide gives the word of the policies in force.
func (s *Shadow) Decide(ctx context.Context, request exchange.DecisionRequest) (exchange.Decision, error) {
	decision, err := s.config.Active.Decide(ctx, request)
	if err != nil {
		return decision, err
	}
	select {
	case s.queue <- asked{request, decision}:
	default: // nobody waits for a candidate
		s.dropped.Add(1)
		s.config.Observe(Event{Outcome: Dropped})
	}
	return decision, nil
}

// Run asks the candidate until ctx ends. It returns nil.
func (s *Shadow) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case one := <-s.queue:
			s.consider(ctx, &one)
		}
	}
}

// consider asks the candidate, if it has time left.
func (s *Shadow) consider(ctx context.Context, one *asked) {
	began := s.config.Clock()
	if !s.budget.has(began) {
		s.note(Event{Outcome: Skipped})
		return
	}
	decision, err := s.config.Candidate.Decide(ctx, one.request)
	s.budget.spend(s.config.Clock().Sub(began))
	if ctx.Err() != nil {
		return
	}
	s.note(judge(one, &decision, err))
}

func (s *Shadow) note(event Event) {
	s.found.add(event)
	s.config.Observe(event)
}
