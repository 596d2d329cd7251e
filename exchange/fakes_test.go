package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"
)

// fakeDecider answers the same to everybody and keeps the last request.
type fakeDecider struct {
	mu       sync.Mutex
	decision Decision
	err      error
	got      DecisionRequest
}

func (d *fakeDecider) Decide(ctx context.Context, request DecisionRequest) (Decision, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got = request
	if err := ctx.Err(); err != nil {
		return Decision{}, err
	}
	decision := d.decision
	decision.Grants = maps.Clone(decision.Grants)
	return decision, d.err
}

type fakeRegister struct {
	mu      sync.Mutex
	verdict IdentityVerdict
	err     error
	block   bool
	asked   int
}

func (r *fakeRegister) Match(ctx context.Context, request SourceRequest) (IdentityVerdict, error) {
	r.mu.Lock()
	r.asked++
	r.mu.Unlock()
	if r.block {
		<-ctx.Done()
		return "", fmt.Errorf("ask the register: %w", ctx.Err())
	}
	return r.verdict, r.err
}

// fakeSource gives its licence, fails, or blocks until the time it was given is up.
type fakeSource struct {
	mu      sync.Mutex
	licence Licence
	picture Picture
	list    []Violation
	asOf    time.Time
	err     error
	block   bool
	before  func() // nil: nothing happens
	asked   int
	got     SourceRequest
	waited  time.Duration
}

func (s *fakeSource) source(id string) *Source {
	return &Source{ID: id, Kind: "fake", Region: "310000", Licences: s, Violations: s, Pictures: s}
}

func (s *fakeSource) Licence(ctx context.Context, request SourceRequest) (Sighting[Licence], error) {
	err := s.ask(ctx, request)
	return Sighting[Licence]{s.licence, s.asOf}, err
}

func (s *fakeSource) Violations(ctx context.Context, request SourceRequest) (Sighting[[]Violation], error) {
	err := s.ask(ctx, request)
	return Sighting[[]Violation]{s.list, s.asOf}, err
}

func (s *fakeSource) Picture(ctx context.Context, request SourceRequest) (Sighting[Picture], error) {
	err := s.ask(ctx, request)
	return Sighting[Picture]{s.picture, s.asOf}, err
}

func (s *fakeSource) ask(ctx context.Context, request SourceRequest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	s.got = request
	if s.before != nil {
		s.before()
	}
	if !s.block {
		return s.err
	}
	start := time.Now()
	<-ctx.Done()
	s.waited = time.Since(start)
	if s.err != nil {
		return s.err
	}
	return fmt.Errorf("ask the platform: %w", ctx.Err())
}

// fakeRecorder keeps records, or fails in one of two ways: without having stored, or after it has.
type fakeRecorder struct {
	mu         sync.Mutex
	records    []Record
	fail       error
	failStored error
	block      bool
}

func (r *fakeRecorder) Record(ctx context.Context, record *Record) (Receipt, error) {
	if r.block {
		<-ctx.Done()
	}
	if err := ctx.Err(); err != nil {
		return Receipt{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return Receipt{}, r.fail
	}
	r.records = append(r.records, *record)
	return Receipt{Log: "test", Index: uint64(len(r.records) - 1)}, r.failStored
}

// only gives the one record that there must be.
func (r *fakeRecorder) only(t *testing.T) Record {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.records) != 1 {
		t.Fatalf("%d records, want 1", len(r.records))
	}
	return r.records[0]
}

type fakePseudonyms struct{}

func (fakePseudonyms) Pseudonym(n IDNumber) string { return "pseudonym-" + n.String() }

type jsonEncoder struct{}

func (jsonEncoder) EncodeAnswer(_ *Query, answer *Answer) ([]byte, error) {
	return json.Marshal(answer.Result)
}

type brokenEncoder struct{}

func (brokenEncoder) EncodeAnswer(*Query, *Answer) ([]byte, error) {
	return nil, errors.New("no such type")
}
