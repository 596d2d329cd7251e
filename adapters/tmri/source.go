package tmri

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

type (
	licences   struct{ *platform }
	violations struct{ *platform }
)

var (
	_ exchange.LicenceSource   = licences{}
	_ exchange.ViolationSource = violations{}
)

// Licence reads the subject's licence. The answer comes from the authority itself and is as fresh as its moment (T2).
func (s licences) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	var sighting exchange.Sighting[exchange.Licence]
	rows, err := s.ask(ctx, question{
		asked: s.config.Interfaces.Licence, purpose: request.Purpose,
		query: []condition{{"sfzmhm", request.Subject.IDNumber.Reveal()}},
	})
	if err != nil {
		return sighting, err
	}
	found, err := one(rows)
	if err != nil {
		return sighting, err
	}
	if err := row.CheckPerson(found, request.Subject); err != nil {
		return sighting, err
	}
	if sighting.Value, err = row.Read(found); err != nil {
		return exchange.Sighting[exchange.Licence]{}, err
	}
	sighting.AsOf = s.clock()
	return sighting, nil
}

// maxParallel bounds the questions that one query about several vehicles puts at once.
const maxParallel = 4

// Violations lists the subject's decisions, then the unprocessed camera records of each of the request's vehicles, in their
// order. A vehicle that is not the subject's fails the whole query.
func (s violations) Violations(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[[]exchange.Violation], error) {
	var sighting exchange.Sighting[[]exchange.Violation]
	if len(request.Vehicles) > 0 && !s.config.Interfaces.Cameras.granted() {
		return sighting, exchange.Errorf(exchange.OperationNotOffered, "no interface for camera records is granted")
	}
	parts := make([][]exchange.Violation, 1+len(request.Vehicles))
	group, groupContext := errgroup.WithContext(ctx)
	group.SetLimit(maxParallel)
	group.Go(func() (err error) {
		parts[0], err = s.decisions(groupContext, request)
		return err
	})
	for i, vehicle := range request.Vehicles {
		group.Go(func() (err error) {
			parts[i+1], err = s.cameras(groupContext, request, vehicle)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return sighting, err
	}
	for _, part := range parts {
		sighting.Value = append(sighting.Value, part...)
	}
	sighting.AsOf = s.clock()
	return sighting, nil
}

func (s violations) decisions(ctx context.Context, request exchange.SourceRequest) ([]exchange.Violation, error) {
	idNumber := request.Subject.IDNumber.Reveal()
	rows, err := s.ask(ctx, question{
		asked: s.config.Interfaces.Decisions, purpose: request.Purpose, query: []condition{{"jszh", idNumber}},
	})
	if err != nil {
		return nil, err
	}
	return mapped(rows, func(found columns) (exchange.Violation, error) {
		if !strings.EqualFold(found.text("jszh"), idNumber) {
			return exchange.Violation{}, exchange.Errorf(exchange.SourceInvalid, "a decision is another person's than the one asked for")
		}
		return decision(found)
	})
}

// unhandled is 处理标记 0, both in a query and in its rows.
const unhandled = "0"

func (s violations) cameras(ctx context.Context, request exchange.SourceRequest, vehicle exchange.Vehicle) ([]exchange.Violation, error) {
	if err := s.checkOwner(ctx, request, vehicle); err != nil {
		return nil, err
	}
	rows, err := s.ask(ctx, question{
		asked: s.config.Interfaces.Cameras, purpose: request.Purpose, query: append(plate(vehicle), condition{"clbj", unhandled}),
	})
	if err != nil {
		return nil, err
	}
	return mapped(stillOpen(rows), func(found columns) (exchange.Violation, error) {
		if found.vehicle() != vehicle {
			return exchange.Violation{}, exchange.Errorf(exchange.SourceInvalid, "a camera record is another vehicle's than the one asked for")
		}
		violation, err := camera(found)
		violation.HasPicture = s.config.Interfaces.Picture.granted()
		return violation, err
	})
}

// stillOpen drops records that were dealt with, should the platform list them all the same: they are among the decisions.
func stillOpen(rows []columns) []columns {
	var open []columns
	for _, found := range rows {
		if mark := found.text("clbj"); mark == unhandled || mark == "" {
			open = append(open, found)
		}
	}
	return open
}

func mapped(rows []columns, read func(columns) (exchange.Violation, error)) ([]exchange.Violation, error) {
	list := make([]exchange.Violation, 0, len(rows))
	for _, found := range rows {
		violation, err := read(found)
		if err != nil {
			return nil, err
		}
		list = append(list, violation)
	}
	return list, nil
}
