package exchange

import (
	"context"
	"time"
)

// Source is one configured platform that answers queries. A nil member is an operation that the platform does not offer.
type Source struct {
	ID         string // unique in the configuration, such as tmri-sh
	Kind       string // the dialect, such as tmri
	Region     Region // whose data it holds; National for all
	Licences   LicenceSource
	Violations ViolationSource
	Pictures   PictureSource
	Identities IdentityMatcher
	Changes    ChangeLister
	Close      func() error // nil: nothing to close
}

// SourceRequest is what an adapter gets to ask its platform. It carries clear personal data, which an adapter may put into
// request bodies only.
type SourceRequest struct {
	QueryID   string
	Caller    string // the asking platform's id
	Subject   Subject
	Region    Region
	Purpose   Purpose
	Fields    []Field // what policy granted; an adapter asks for no more where its platform lets it choose
	Vehicles  []Vehicle
	Violation string
	Now       time.Time
}

// Sighting is what a source said and when that was true.
type Sighting[T any] struct {
	Value T
	AsOf  time.Time
}

// The four things a source may be able to do. Each returns an [*Error] whose code keeps apart: no record, refused, down,
// answered wrongly; an adapter wraps nothing else. All honour ctx's deadline.
type (
	// LicenceSource reads a licence.
	LicenceSource interface {
		Licence(ctx context.Context, request SourceRequest) (Sighting[Licence], error)
	}
	// ViolationSource lists violations, processed and unprocessed. No violation is an empty list, not NoRecord.
	ViolationSource interface {
		Violations(ctx context.Context, request SourceRequest) (Sighting[[]Violation], error)
	}
	// PictureSource reads the picture of request.Violation and says whose vehicle it shows.
	PictureSource interface {
		Picture(ctx context.Context, request SourceRequest) (Sighting[Picture], error)
	}
	// IdentityMatcher checks name and ID number against a population register. All four verdicts are answers, not errors.
	IdentityMatcher interface {
		Match(ctx context.Context, request SourceRequest) (IdentityVerdict, error)
	}
)

// IdentityVerdict is a population register's answer.
type IdentityVerdict string

// The four verdicts.
const (
	IdentityMatches    IdentityVerdict = "match"
	IdentityDiffers    IdentityVerdict = "mismatch"
	IdentityNoRecord   IdentityVerdict = "no-record"
	IdentityIsDeceased IdentityVerdict = "deceased"
)

// offers reports whether the source can answer the operation.
func (s *Source) offers(op Operation) bool {
	switch op {
	case LicenceQuery, StudyQuery:
		return s.Licences != nil
	case ViolationsQuery:
		return s.Violations != nil
	case PictureQuery:
		return s.Pictures != nil
	}
	return false
}

// Route is the ordered list of sources for a region and the operations it serves.
type Route struct {
	Region     Region      // National: for every region that has no route of its own
	Operations []Operation // empty: all
	Sources    []*Source   // asked in this order
}

// Routes finds the sources for a query.
type Routes []Route

// Sources gives, in order, the sources that offer the operation for the region.
func (r Routes) Sources(op Operation, region Region) []*Source {
	for _, wanted := range []Region{region, National} {
		for _, route := range r {
			if route.Region == wanted && route.serves(op) {
				return route.offering(op)
			}
		}
	}
	return nil
}

func (r Route) serves(op Operation) bool {
	if len(r.Operations) == 0 {
		return true
	}
	for _, served := range r.Operations {
		if served == op {
			return true
		}
	}
	return false
}

func (r Route) offering(op Operation) []*Source {
	var sources []*Source
	for _, source := range r.Sources {
		if source.offers(op) {
			sources = append(sources, source)
		}
	}
	return sources
}
