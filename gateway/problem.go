package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/specs"
)

// catalogue is specs/problems.yaml: the one table from code to problem.
type catalogue map[exchange.Code]specs.Problem

func loadCatalogue() (catalogue, error) {
	entries, err := specs.Problems()
	if err != nil {
		return nil, err
	}
	known := catalogue{}
	for code, entry := range entries {
		known[exchange.Code(code)] = entry
	}
	if _, ok := known[exchange.Internal]; !ok {
		return nil, fmt.Errorf("problems.yaml has no entry %q", exchange.Internal)
	}
	return known, nil
}

// problem is the body of every answer that is no success (RFC 9457), with the contract's extension members.
type problem struct {
	Type       string                `json:"type"`
	Title      string                `json:"title"`
	Status     int                   `json:"status"`
	Detail     string                `json:"detail"`
	Instance   string                `json:"instance"`
	Code       exchange.Code         `json:"code"`
	Advice     string                `json:"advice"`
	Reasons    []exchange.Reason     `json:"reasons,omitempty"`
	Pointers   []exchange.Pointer    `json:"pointers,omitempty"`
	Source     string                `json:"source,omitempty"`
	Decision   *exchange.DecisionRef `json:"decision,omitempty"`
	Receipt    *exchange.Receipt     `json:"receipt,omitempty"`
	RetryAfter int                   `json:"retryAfter,omitzero"` // seconds
}

// render makes the problem of a failure. A code that the catalogue doesn't have becomes internal, with nothing of the failure
// shown.
func (c catalogue) render(failure *exchange.Error, id string, l locale) problem {
	entry, known := c[failure.Code]
	if !known || failure.Code == exchange.Internal {
		failure = &exchange.Error{Code: exchange.Internal, Receipt: failure.Receipt, Decision: failure.Decision}
		entry = c[exchange.Internal]
	}
	text := entry.ZH
	if l == english {
		text = entry.EN
	}
	return problem{
		Type: "/problems/" + string(failure.Code), Title: text.Title, Status: entry.Status, Detail: text.Detail,
		Instance: "urn:uuid:" + id, Code: failure.Code, Advice: text.Advice, Reasons: failure.Reasons,
		Pointers: failure.Pointers, Source: failure.Source, Decision: failure.Decision, Receipt: failure.Receipt,
		RetryAfter: retryAfter(failure.RetryAfter, entry.RetryAfter),
	}
}

// maxRetryAfter caps the advice, in seconds: nobody should be sent away for longer than a day.
const maxRetryAfter = 86400

// retryAfter gives whole seconds, rounded up: the failure's own advice before the catalogue's.
func retryAfter(own time.Duration, standard int) int {
	if own <= 0 {
		return standard
	}
	return min(int((own+time.Second-1)/time.Second), maxRetryAfter)
}

// fail answers with the problem of an error. It is the one place where an error becomes an answer.
func (g *Gateway) fail(err error, c echo.Context) {
	v, failure := visitOf(c), failureOf(err)
	if c.Response().Committed {
		v.failure = errors.Join(v.failure, err)
		return
	}
	l := localeOf(c.Request().Header)
	p := g.catalogue.render(failure, v.id, l)
	v.outcome, v.failure, v.receipt = string(p.Code), err, failure.Receipt
	v.trail.attempts = failure.Attempts
	if failure.Decision != nil {
		v.trail.revision = failure.Decision.Revision
	}
	if failure.Source != "" {
		v.source = failure.Source
	}
	body, err := json.Marshal(p)
	if err != nil {
		v.failure = errors.Join(v.failure, err)
	}
	g.send(c, v, reply{status: p.Status, media: mediaProblem, body: body, locale: l, retryAfter: p.RetryAfter})
}

// failureOf gives the failure behind an error; whatever is none of ours is internal.
func failureOf(err error) *exchange.Error {
	if failure, ok := errors.AsType[*exchange.Error](err); ok {
		return failure
	}
	if routing, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch routing.Code {
		case http.StatusNotFound:
			return &exchange.Error{Code: exchange.NotFound}
		case http.StatusMethodNotAllowed:
			return &exchange.Error{Code: exchange.MethodNotAllowed}
		}
	}
	return &exchange.Error{Code: exchange.Internal, Err: err}
}
