package tmri

import (
	"context"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func plate(vehicle exchange.Vehicle) []condition {
	return []condition{{"hpzl", vehicle.PlateType}, {"hphm", vehicle.PlateNumber}}
}

// vehicle gives the plate that a row names.
func (c columns) vehicle() exchange.Vehicle {
	return exchange.Vehicle{PlateType: c.text("hpzl"), PlateNumber: c.text("hphm")}
}

// checkOwner makes sure that the vehicle is registered to the subject (T6). A vehicle of somebody else and one that does not
// exist give the same IdentityMismatch, or the difference would tell which plates are in use.
func (p *platform) checkOwner(ctx context.Context, request exchange.SourceRequest, vehicle exchange.Vehicle) error {
	rows, err := p.ask(ctx, question{
		asked: p.config.Interfaces.Vehicle, purpose: request.Purpose, query: plate(vehicle),
	})
	if err != nil {
		return err
	}
	record, err := one(rows)
	if err != nil && exchange.CodeOf(err) != exchange.NoRecord {
		return err
	}
	owner, subject := record.text("sfzmhm"), request.Subject.IDNumber
	if subject.IsZero() || !strings.EqualFold(owner, subject.Reveal()) {
		return exchange.Errorf(exchange.IdentityMismatch, "the vehicle is not registered to the subject")
	}
	if record.vehicle() != vehicle {
		return exchange.Errorf(exchange.SourceInvalid, "the vehicle record is another one than the one asked for")
	}
	return nil
}
