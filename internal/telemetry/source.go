package telemetry

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Source follows the questions that callers put to a source; it changes the source given. Its listing of changes is left as it is: a
// poll is nobody's request.
func (t *Tracer) Source(s *exchange.Source) {
	if t == nil {
		return
	}
	f := follower{t, s.ID, s.Kind}
	if s.Licences != nil {
		s.Licences = licences{f, s.Licences}
	}
	if s.Violations != nil {
		s.Violations = violations{f, s.Violations}
	}
	if s.Pictures != nil {
		s.Pictures = pictures{f, s.Pictures}
	}
	if s.Identities != nil {
		s.Identities = identities{f, s.Identities}
	}
}

// follower knows whom a question goes to.
type follower struct {
	tracer     *Tracer
	source     string
	sourceKind string
}

// ask follows one question.
func ask[T any](ctx context.Context, f follower, name string, request exchange.SourceRequest, question func(context.Context, exchange.SourceRequest) (T, error)) (T, error) {
	if !f.tracer.follows(ctx) {
		return question(ctx, request)
	}
	ctx, span := f.tracer.step(ctx, name, trace.SpanKindClient, attribute.String("source", f.source), attribute.String("kind", f.sourceKind))
	answer, err := question(ctx, request)
	finish(span, codeOf(err))
	return answer, err
}

type (
	licences struct {
		follower
		next exchange.LicenceSource
	}
	violations struct {
		follower
		next exchange.ViolationSource
	}
	pictures struct {
		follower
		next exchange.PictureSource
	}
	identities struct {
		follower
		next exchange.IdentityMatcher
	}
)

// Licence implements [exchange.LicenceSource].
func (l licences) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	return ask(ctx, l.follower, "source.licence", request, l.next.Licence)
}

// Violations implements [exchange.ViolationSource].
func (v violations) Violations(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[[]exchange.Violation], error) {
	return ask(ctx, v.follower, "source.violations", request, v.next.Violations)
}

// Picture implements [exchange.PictureSource].
func (p pictures) Picture(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Picture], error) {
	return ask(ctx, p.follower, "source.picture", request, p.next.Picture)
}

// Match implements [exchange.IdentityMatcher].
func (i identities) Match(ctx context.Context, request exchange.SourceRequest) (exchange.IdentityVerdict, error) {
	return ask(ctx, i.follower, "source.identity", request, i.next.Match)
}
