package gateway

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

// decoding reads the body of one operation into a query.
type decoding func(body []byte, r *queryReader) error

// read holds a plain body to the bounds, to JSON, to the contract and to the domain, in this order; each step may rely on those
// before it.
func (g *Gateway) read(body []byte, operationID string, r *queryReader, decode decoding) error {
	if err := g.contract.check(operationID, body); err != nil {
		return err
	}
	if err := decode(body, r); err != nil {
		return mistyped(err)
	}
	if len(r.pointers) > 0 {
		return invalid(r.pointers...)
	}
	return nil
}

func readLicence(body []byte, r *queryReader) error {
	var given api.LicenceRequest
	if err := json.Unmarshal(body, &given); err != nil {
		return err
	}
	r.query.Wanted = wanted(given.Fields)
	r.read(question{given.Subject, given.Region, given.Purpose, given.Authentications, given.Behalf, given.MaxAge})
	return nil
}

func readViolations(body []byte, r *queryReader) error {
	var given api.ViolationsRequest
	if err := json.Unmarshal(body, &given); err != nil {
		return err
	}
	r.query.Wanted = wanted(given.Fields)
	r.read(question{given.Subject, given.Region, given.Purpose, given.Authentications, given.Behalf, given.MaxAge})
	if given.Vehicles == nil {
		return nil
	}
	for _, vehicle := range *given.Vehicles {
		r.vehicle(vehicle)
	}
	return nil
}

func readPicture(body []byte, r *queryReader) error {
	var given api.PictureRequest
	if err := json.Unmarshal(body, &given); err != nil {
		return err
	}
	r.query.Wanted = wanted(given.Fields)
	r.query.Violation = given.ViolationId
	r.read(question{given.Subject, given.Region, given.Purpose, given.Authentications, given.Behalf, given.MaxAge})
	r.vehicle(given.Vehicle)
	return nil
}

func readStudy(body []byte, r *queryReader) error {
	var given api.StudyRequest
	if err := json.Unmarshal(body, &given); err != nil {
		return err
	}
	r.read(question{given.Subject, given.Region, given.Purpose, given.Authentications, nil, given.MaxAge})
	if given.Police != nil {
		r.query.Police = exchange.PoliceFacts(*given.Police)
	}
	return nil
}

// mistyped is for what fits the schema and not the type, such as a whole number written as 1e3.
func mistyped(err error) error {
	if place, ok := errors.AsType[*json.SemanticError](err); ok {
		return invalid(fault(string(place.JSONPointer), faultForm))
	}
	return exchange.Errorf(exchange.MalformedJSON, "a body that was read could not be read by type")
}
