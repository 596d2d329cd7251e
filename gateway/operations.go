package gateway

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

// operations are the contract's operations.
type operations struct{ *Gateway }

var _ api.ServerInterface = operations{}

// QueryLicence answers POST /v1/licences/query.
func (o operations) QueryLicence(c echo.Context) error {
	return o.query(c, exchange.LicenceQuery, readLicence)
}

// QueryViolations answers POST /v1/violations/query.
func (o operations) QueryViolations(c echo.Context) error {
	return o.query(c, exchange.ViolationsQuery, readViolations)
}

// QueryPicture answers POST /v1/violations/picture.
func (o operations) QueryPicture(c echo.Context) error {
	return o.query(c, exchange.PictureQuery, readPicture)
}

// JudgeStudy answers POST /v1/study/eligibility.
func (o operations) JudgeStudy(c echo.Context) error {
	return o.query(c, exchange.StudyQuery, readStudy)
}

// query is what all queries have in common. From here on the caller is known, so a request that can't be understood is
// recorded as refused.
func (o operations) query(c echo.Context, op exchange.Operation, decode decoding) error {
	v := visitOf(c)
	v.trail.work(o.deps.Clock().Sub(v.received))
	q := v.query(op)
	if err := o.understand(c, v, q, decode); err != nil {
		return o.deps.Broker.Refuse(c.Request().Context(), q, err)
	}
	v.region = q.Region
	answer, err := o.deps.Broker.Query(c.Request().Context(), q)
	if err != nil {
		return err
	}
	return o.answer(c, v, answer)
}

// query begins a query of the platform that signed.
func (v *visit) query(op exchange.Operation) *exchange.Query {
	return &exchange.Query{
		ID: v.id, Operation: op, Received: v.received, Region: v.platform.Region,
		Caller: exchange.Caller{
			Platform: v.platform.ID, KeyID: v.caller.KeyID, SignedBytes: v.caller.Base, Signature: v.caller.Signature, Body: v.body,
		},
	}
}

// understand turns the body, decrypted, into the query.
func (o operations) understand(c echo.Context, v *visit, q *exchange.Query, decode decoding) error {
	if c.Request().URL.RawQuery != "" || c.Request().URL.ForceQuery {
		return invalid(fault("", faultQueryString))
	}
	body, err := o.plain(c, v)
	if err != nil {
		return err
	}
	return o.read(body, v.operation, &queryReader{query: q, home: v.platform.Region, relays: v.platform.Relays}, decode)
}

// answer sends what the broker gave, with the receipt as its last member.
func (o operations) answer(c echo.Context, v *visit, answer *exchange.Answer) error {
	v.receipt, v.source, v.stale = &answer.Receipt, answer.Provenance.Source, answer.Provenance.Stale
	v.trail.revision, v.trail.attempts = answer.Decision.Revision, answer.Attempts
	body, err := withReceipt(answer.Body, answer.Receipt)
	if err != nil {
		return exchange.Errorf(exchange.Internal, "add the receipt: %w", err)
	}
	return o.succeed(c, v, body)
}

// succeed sends a body of the contract, encrypted where that was agreed.
func (o operations) succeed(c echo.Context, v *visit, body []byte) error {
	v.outcome = exchange.Answered
	return o.deliver(c, v, http.StatusOK, body)
}

func (o operations) deliver(c echo.Context, v *visit, status int, body []byte) error {
	out := reply{status: status, media: mediaJSON, body: body}
	if v.encrypted() {
		sealed, err := o.seal(c, v, body)
		if err != nil {
			return exchange.Errorf(exchange.Internal, "encrypt the answer: %w", err)
		}
		out.media, out.body = mediaEnvelope, sealed
	}
	o.send(c, v, out)
	return nil
}

// withReceipt puts the receipt behind all other members: whoever cuts it off again, with the comma before it, has the bytes
// whose SM3 digest the record holds. The room of body is the answer's from then on.
func withReceipt(body []byte, receipt exchange.Receipt) ([]byte, error) {
	if len(body) < 2 || body[len(body)-1] != '}' {
		return nil, errors.New("the encoded answer is no object")
	}
	w := &writer{text: body[:len(body)-1]}
	w.raw(`,"receipt":`)
	w.receipt(&receipt)
	w.raw("}")
	return w.text, w.err
}
