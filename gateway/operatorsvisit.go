package gateway

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/exchange/personal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// operatorVisit is one request of an operator on its way. It belongs to one goroutine.
type operatorVisit struct {
	request   *http.Request
	received  time.Time
	id        string
	body      []byte
	caller    *httpsig.Verified // nil: nobody proved anything
	operation string
	allow     string // the method that the path has, if it is not this one

	opening string // the emergency access that it is about
	outcome string
	code    int
	sent    int
	failure error // for the log only
}

// guarded turns a panic into an error; see [Gateway.guarded].
func (o *Operators) guarded(w http.ResponseWriter, v *operatorVisit) (done outcome, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = exchange.Errorf(exchange.Internal, "panic with a %T at %s", cause, debug.Stack())
		}
	}()
	return o.serve(w, v)
}

// serve takes a request down its path: the body, the signature, a place, the route, the body's form, the operation. Places are for
// operators alone: nobody else's slow body or wrong signature keeps one from them.
func (o *Operators) serve(w http.ResponseWriter, v *operatorVisit) (outcome, error) {
	id, err := uuid.NewRandomFromReader(o.deps.Random)
	if v.id = id.String(); err != nil {
		return outcome{}, exchange.Errorf(exchange.Internal, "draw a request id: %w", err)
	}
	if err := v.readBody(w); err != nil {
		return outcome{}, err
	}
	caller, err := o.deps.Verifier.VerifyHTTP(v.request, v.body)
	if err != nil {
		return outcome{}, unauthenticated(err)
	}
	v.caller = &caller
	select {
	case o.places <- struct{}{}:
		defer func() { <-o.places }()
	default:
		return outcome{}, &exchange.Error{Code: exchange.Overloaded, RetryAfter: retrySoon}
	}
	return o.work(v)
}

// work does what a proven operator asks for.
func (o *Operators) work(v *operatorVisit) (outcome, error) {
	found, err := o.find(v.request)
	if err != nil {
		return outcome{}, err
	}
	if v.operation = found.operation; v.operation != "" {
		err = o.check(v)
	}
	if err != nil {
		return outcome{}, err
	}
	return found.handler(v.request.Context(), v)
}

func (v *operatorVisit) readBody(w http.ResponseWriter) error {
	var body bytes.Buffer
	if _, err := body.ReadFrom(http.MaxBytesReader(w, v.request.Body, operatorsBodyBytes)); err != nil {
		return unreadable(err)
	}
	v.body = body.Bytes()
	return nil
}

// check holds the body to the contract: JSON of the operation's schema, or none.
func (o *Operators) check(v *operatorVisit) error {
	if o.contract.operations[v.operation].body == nil {
		if len(v.body) > 0 {
			return invalid(fault("", faultBody))
		}
		return nil
	}
	if enveloped, err := mediaOf(v.request.Header); err != nil || enveloped {
		return &exchange.Error{Code: exchange.UnsupportedMedia}
	}
	value, err := parseJSON(v.body)
	if err != nil {
		return err
	}
	if pointers := o.contract.validate(v.operation, value); len(pointers) > 0 {
		return invalid(pointers...)
	}
	return nil
}

// read decodes the body, which fits its schema.
func (v *operatorVisit) read(into any) error {
	if err := json.Unmarshal(v.body, into); err != nil {
		return mistyped(err)
	}
	return nil
}

// order is what the operator orders, with its proof. The reason goes into records for years, so no personal number may stand
// there, nor what would mislead whoever reads them.
func (v *operatorVisit) order(reason string) (repair.Order, error) {
	reason = strings.TrimSpace(reason)
	switch {
	case strings.ContainsFunc(reason, personal.Misleading):
		return repair.Order{}, invalid(fault("/reason", faultForm))
	case personal.Blank(reason):
		return repair.Order{}, invalid(fault("/reason", faultLength))
	case personal.Holds(reason, v.received):
		return repair.Order{}, invalid(fault("/reason", faultPersonalNumber))
	}
	return repair.Order{
		ID: v.id, By: changefeed.Action{Operator: v.caller.Party, Reason: reason},
		Caller: exchange.Caller{KeyID: v.caller.KeyID, SignedBytes: v.caller.Base, Signature: v.caller.Signature, Body: v.body},
	}, nil
}

// platform gives the platform that the path names: the segment before the last.
func (v *operatorVisit) platform() string { return path.Base(path.Dir(v.request.URL.Path)) }

func (v *operatorVisit) level() slog.Level {
	switch {
	case v.outcome == string(exchange.Internal) || v.outcome == string(exchange.RecordNotDurable):
		return slog.LevelError
	case v.code >= 400 || v.opening != "":
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// attributes hold no path and no body. An operator's id is a name of the configuration.
func (v *operatorVisit) attributes(elapsed time.Duration) []slog.Attr {
	list := []slog.Attr{
		slog.String("id", v.id), slog.String("method", boundedMethod(v.request.Method)), slog.String("operation", v.operation),
		slog.String("outcome", v.outcome), slog.Int("status", v.code), slog.Float64("elapsedMs", float64(elapsed.Microseconds())/1000),
		slog.Int("received", len(v.body)), slog.Int("sent", v.sent),
	}
	if v.caller != nil {
		list = append(list, slog.String("operator", v.caller.Party), slog.String("key", v.caller.KeyID))
	}
	if v.opening != "" {
		list = append(list, slog.String("opening", v.opening))
	}
	if v.failure != nil {
		list = append(list, slog.String("error", personal.Mask(v.failure.Error(), v.received)))
	}
	return list
}

// failed adds to what the log will say.
func (v *operatorVisit) failed(err error) { v.failure = errors.Join(v.failure, err) }
