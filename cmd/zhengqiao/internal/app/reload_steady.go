package app

import (
	"context"
	"fmt"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// steady is a source that stays the same over reloads, for what runs beside the requests, such as polls: each question goes to the source
// in force.
type steady struct {
	inForce *inForce
	id      string
}

// steadySources gives each source so. What one can be asked stays as it was at the start.
func steadySources(all sources, f *inForce) sources {
	lasting := sources{}
	for id, source := range all {
		s := steady{f, id}
		stays := &exchange.Source{ID: source.ID, Kind: source.Kind, Region: source.Region}
		if source.Licences != nil {
			stays.Licences = s
		}
		if source.Violations != nil {
			stays.Violations = s
		}
		if source.Pictures != nil {
			stays.Pictures = s
		}
		if source.Identities != nil {
			stays.Identities = s
		}
		if source.Changes != nil {
			stays.Changes = s
		}
		lasting[id] = stays
	}
	return lasting
}

// ask puts a question to the source in force, if it is still there and can be asked this.
func ask[Part comparable, Answer any](s steady, part func(*exchange.Source) Part, put func(Part) (Answer, error)) (Answer, error) {
	var nobody Part
	var nothing Answer
	g := s.inForce.enter()
	defer g.leave()
	leased, there := g.sources[s.id]
	if !there {
		return nothing, exchange.Errorf(exchange.SourceDown, "source %s is not configured any more", s.id)
	}
	asked := part(leased.source)
	if asked == nobody {
		return nothing, &exchange.Error{Code: exchange.SourceDown, Source: s.id, Err: fmt.Errorf("its settings do not offer this any more")}
	}
	return put(asked)
}

// Licence implements [exchange.LicenceSource].
func (s steady) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	return ask(s, func(source *exchange.Source) exchange.LicenceSource { return source.Licences },
		func(part exchange.LicenceSource) (exchange.Sighting[exchange.Licence], error) {
			return part.Licence(ctx, request)
		})
}

// Violations implements [exchange.ViolationSource].
func (s steady) Violations(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[[]exchange.Violation], error) {
	return ask(s, func(source *exchange.Source) exchange.ViolationSource { return source.Violations },
		func(part exchange.ViolationSource) (exchange.Sighting[[]exchange.Violation], error) {
			return part.Violations(ctx, request)
		})
}

// Picture implements [exchange.PictureSource].
func (s steady) Picture(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Picture], error) {
	return ask(s, func(source *exchange.Source) exchange.PictureSource { return source.Pictures },
		func(part exchange.PictureSource) (exchange.Sighting[exchange.Picture], error) {
			return part.Picture(ctx, request)
		})
}

// Match implements [exchange.IdentityMatcher].
func (s steady) Match(ctx context.Context, request exchange.SourceRequest) (exchange.IdentityVerdict, error) {
	return ask(s, func(source *exchange.Source) exchange.IdentityMatcher { return source.Identities },
		func(part exchange.IdentityMatcher) (exchange.IdentityVerdict, error) { return part.Match(ctx, request) })
}

// Changed implements [exchange.ChangeLister].
func (s steady) Changed(ctx context.Context, question exchange.ChangesQuestion) (exchange.ChangedPage, error) {
	return ask(s, func(source *exchange.Source) exchange.ChangeLister { return source.Changes },
		func(part exchange.ChangeLister) (exchange.ChangedPage, error) { return part.Changed(ctx, question) })
}
