package watch

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

type (
	waitKey   struct{}
	canaryKey struct{}
)

// Waited adds to the time that the call under ctx has waited for its platform. Whoever makes connections calls it.
func Waited(ctx context.Context, took time.Duration) {
	if sum, ok := ctx.Value(waitKey{}).(*atomic.Int64); ok {
		sum.Add(int64(took))
	}
}

// AsCanary marks what is asked under the context as a canary's question.
func AsCanary(ctx context.Context) context.Context { return context.WithValue(ctx, canaryKey{}, true) }

func isCanary(ctx context.Context) bool {
	canary, _ := ctx.Value(canaryKey{}).(bool)
	return canary
}

// watched runs one call of an adapter and tells the watcher how it ended.
func watched[T any](ctx context.Context, w *Watcher, id string, call func(context.Context) (T, error)) (T, error) {
	var waited atomic.Int64
	began := w.clock()
	value, err := call(context.WithValue(ctx, waitKey{}, &waited))
	w.Called(id, Call{Took: w.clock().Sub(began), Waited: time.Duration(waited.Load()), Err: err, Canary: isCanary(ctx)})
	return value, err
}

// Source gives the source with every question to it watched. The original is not changed.
func (w *Watcher) Source(s *exchange.Source) *exchange.Source {
	seen, base := *s, watchedSource{w, s}
	if s.Licences != nil {
		seen.Licences = watchedLicences{base}
	}
	if s.Violations != nil {
		seen.Violations = watchedViolations{base}
	}
	if s.Pictures != nil {
		seen.Pictures = watchedPictures{base}
	}
	if s.Identities != nil {
		seen.Identities = watchedIdentities{base}
	}
	if s.Changes != nil {
		seen.Changes = watchedChanges{base}
	}
	return &seen
}

type watchedSource struct {
	w *Watcher
	s *exchange.Source
}

type (
	watchedLicences   struct{ watchedSource }
	watchedViolations struct{ watchedSource }
	watchedPictures   struct{ watchedSource }
	watchedIdentities struct{ watchedSource }
	watchedChanges    struct{ watchedSource }
)

// answered counts the flow of an answer to its caller.
func (s watchedSource) answered(ctx context.Context, request *exchange.SourceRequest, err error) {
	if err == nil && request.Caller != "" && !isCanary(ctx) {
		s.w.flows.add(s.w.clock(), flowKey{s.s.ID, request.Caller, flowQuery}, 0)
	}
}

func (s watchedLicences) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	sighting, err := watched(ctx, s.w, s.s.ID, func(ctx context.Context) (exchange.Sighting[exchange.Licence], error) {
		return s.s.Licences.Licence(ctx, request)
	})
	s.answered(ctx, &request, err)
	return sighting, err
}

func (s watchedViolations) Violations(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[[]exchange.Violation], error) {
	sighting, err := watched(ctx, s.w, s.s.ID, func(ctx context.Context) (exchange.Sighting[[]exchange.Violation], error) {
		return s.s.Violations.Violations(ctx, request)
	})
	s.answered(ctx, &request, err)
	return sighting, err
}

func (s watchedPictures) Picture(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Picture], error) {
	sighting, err := watched(ctx, s.w, s.s.ID, func(ctx context.Context) (exchange.Sighting[exchange.Picture], error) {
		return s.s.Pictures.Picture(ctx, request)
	})
	s.answered(ctx, &request, err)
	return sighting, err
}

func (s watchedIdentities) Match(ctx context.Context, request exchange.SourceRequest) (exchange.IdentityVerdict, error) {
	verdict, err := watched(ctx, s.w, s.s.ID, func(ctx context.Context) (exchange.IdentityVerdict, error) {
		return s.s.Identities.Match(ctx, request)
	})
	s.answered(ctx, &request, err)
	return verdict, err
}

func (s watchedChanges) Changed(ctx context.Context, question exchange.ChangesQuestion) (exchange.ChangedPage, error) {
	return watched(ctx, s.w, s.s.ID, func(ctx context.Context) (exchange.ChangedPage, error) {
		return s.s.Changes.Changed(ctx, question)
	})
}
