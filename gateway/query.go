package gateway

import (
	"errors"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

// clockTolerance is how far the clock of whoever authenticated the citizen may run ahead of ours; the same as for signatures.
const clockTolerance = 60 * time.Second

// question is what all three requests of the contract have in common.
type question struct {
	subject         api.Subject
	region          *api.Region
	purpose         api.Purpose
	authentications []api.Authentication
	behalf          *api.Behalf
	maxAge          *api.MaxAge
}

// queryReader fills a query from a request that fits the schema, and notes what a schema cannot see.
type queryReader struct {
	query    *exchange.Query
	home     exchange.Region // the calling platform's own
	relays   bool            // the calling platform passes on what others announced
	pointers []exchange.Pointer
}

func (r *queryReader) note(pointer string, code faultCode) {
	r.pointers = append(r.pointers, fault(pointer, code))
}

func (r *queryReader) read(q question) {
	r.subject(q.subject)
	r.region(q.region)
	r.purpose(q.purpose)
	for i, given := range q.authentications {
		r.authentication("/authentications/"+strconv.Itoa(i), given)
	}
	r.behalf(q.behalf)
	if q.maxAge != nil {
		age := time.Duration(*q.maxAge) * time.Second
		r.query.MaxAge = &age
	}
}

func (r *queryReader) subject(given api.Subject) {
	number, err := exchange.ParseIDNumber(given.IdNumber, r.query.Received)
	if err != nil {
		r.note("/subject/idNumber", idFault(err))
	}
	r.personName("/subject/name", given.Name)
	r.query.Subject = exchange.Subject{Name: given.Name, IDNumber: number}
	if given.FileNumber != nil {
		r.query.Subject.FileNumber = *given.FileNumber
	}
	if given.IdDocumentUntil != nil {
		until, err := exchange.ParseDate(*given.IdDocumentUntil)
		if err != nil {
			r.note("/subject/idDocumentUntil", faultDate)
		}
		r.query.Subject.IDDocumentUntil = until
	}
}

func idFault(err error) faultCode {
	switch {
	case errors.Is(err, exchange.ErrIDDivision):
		return faultIDDivision
	case errors.Is(err, exchange.ErrIDDate):
		return faultIDDate
	case errors.Is(err, exchange.ErrIDCheck):
		return faultIDCheck
	}
	return faultForm
}

// region is the province that keeps the licence. A national platform has none of its own to fall back on.
func (r *queryReader) region(given *api.Region) {
	r.query.Region = r.home
	if given != nil {
		r.query.Region = exchange.Region(*given)
	}
	switch {
	case r.query.Region.Provincial():
	case given == nil:
		r.note("/region", faultMissing)
	default:
		r.note("/region", faultRegion)
	}
}

func (r *queryReader) authentication(place string, given api.Authentication) {
	r.query.Authentications = append(r.query.Authentications, exchange.Authentication{
		Method: string(given.Method), Provider: r.free(place+"/provider", given.Provider), At: r.moment(place+"/at", given.At),
		Similarity: given.Similarity,
	})
}

// moment reads a moment that has come, in UTC. One that a clock running ahead puts into the future counts as the moment at which
// the request came: policy, which knows no tolerance, would refuse the other.
func (r *queryReader) moment(place, given string) time.Time {
	at := r.instant(place, given)
	if at.After(r.query.Received) && !at.After(r.query.Received.Add(clockTolerance)) {
		return r.query.Received.UTC()
	}
	return at
}

// instant reads a moment that has come by a clock that may run ahead of ours.
func (r *queryReader) instant(place, given string) time.Time {
	at, err := time.Parse(time.RFC3339, given)
	switch {
	case err != nil || !storable(at):
		r.note(place, faultDate)
		return time.Time{}
	case at.After(r.query.Received.Add(clockTolerance)):
		r.note(place, faultFuture)
	}
	return at.UTC()
}

// storable keeps out moments that can be read and not be written again: RFC 3339 §5.6 has no zone of 24 hours, which the library
// lets pass, and no year of five digits, which another zone can make of one. Nobody was authenticated before 1900 either.
func storable(at time.Time) bool {
	_, offset := at.Zone()
	year := at.UTC().Year()
	return offset > -dayOfSeconds && offset < dayOfSeconds && year >= 1900 && year <= 9998
}

const dayOfSeconds = 24 * 60 * 60

func (r *queryReader) vehicle(given api.Vehicle) {
	r.query.Vehicles = append(r.query.Vehicles, exchange.Vehicle{PlateType: given.PlateType, PlateNumber: given.PlateNumber})
}

// wanted gives the fields that a request names.
func wanted[T ~string](given *[]T) []exchange.Field {
	if given == nil {
		return nil
	}
	fields := make([]exchange.Field, len(*given))
	for i, name := range *given {
		fields[i] = exchange.Field(name)
	}
	return fields
}
