// Package policydesk is the way by which authors and approvers bring policies into force in a running gateway: three paths on the
// operators' address, each request signed by the person's own key (the same profile as the contract's) and each answer by the gateway's.
// It stops at HTTP: a bundle's or an order's worth is its own signatures', which are judged elsewhere; the signature of the request says
// who may know how the policies stand and who may keep the gateway busy.
package policydesk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// Prefix begins the paths.
const Prefix = "/ops/v1/policies"

// The paths. The last two take a body by POST.
const (
	StandingPath = Prefix
	PublishPath  = Prefix + "/publish"  // the bundle
	RollbackPath = Prefix + "/rollback" // the signed order
)

// Desk does what is asked. What it gives is written as JSON. Its errors are [*Refusal], or failures of the gateway.
type Desk interface {
	Standing(ctx context.Context) (any, error)
	Publish(ctx context.Context, bundle []byte) (any, error)
	Rollback(ctx context.Context, order []byte) (any, error)
}

// Refusal is why something has no effect, for whoever asked.
type Refusal struct {
	Code   string        // of the list of the package publish
	Text   exchange.Text // what it means
	Detail string        // what in particular, one thing a line
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Detail }

// Verifier proves who sent a request; [httpsig.Verifier] is one.
type Verifier interface {
	VerifyHTTP(r *http.Request, body []byte) (httpsig.Verified, error)
}

// Signer signs answers; [httpsig.Signer] is one.
type Signer interface {
	SignResponse(r *httpsig.Response) ([]byte, error)
}

// Handler serves the paths. It is safe for concurrent use.
type Handler struct {
	desk     Desk
	verifier Verifier
	signer   Signer
	logger   *slog.Logger
	most     int64
	places   chan struct{}
}

// inFlight bounds what is done for proven persons at once: a publication takes a process of its own, and people are few.
const inFlight = 4

// New makes a handler that takes bodies of at most so many bytes.
func New(desk Desk, verifier Verifier, signer Signer, logger *slog.Logger, most int64) *Handler {
	return &Handler{desk, verifier, signer, logger, most, make(chan struct{}, inFlight)}
}

// reply is what is answered: a status and its document.
type reply struct {
	status int
	body   any
}

// ServeHTTP answers one request and writes one log event of it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	who, done := h.serve(w, r)
	body, err := json.Marshal(done.body)
	if err != nil {
		done.status, body = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", media(done.status))
	w.Header().Set("Cache-Control", "no-store")
	if _, err := h.signer.SignResponse(&httpsig.Response{Status: done.status, Header: w.Header(), Body: body, Request: r.Header}); err != nil {
		done.status, body = http.StatusInternalServerError, nil
		h.logger.Error("sign an answer about policies", "error", err)
	}
	w.WriteHeader(done.status)
	_, _ = w.Write(body) // who has gone gets nothing
	h.logger.Info("policy desk", "path", known(r.URL.Path), "by", who, "status", done.status, "elapsedMs", time.Since(began).Milliseconds())
}

func media(status int) string {
	if status < http.StatusBadRequest {
		return "application/json"
	}
	return "application/problem+json"
}

// Serves says whether a path is the desk's. Others below [Prefix], such as that of a candidate in the shadow, are not.
func Serves(path string) bool {
	return path == StandingPath || path == PublishPath || path == RollbackPath
}

// known keeps a stranger's path out of the log.
func known(path string) string {
	if Serves(path) {
		return path
	}
	return "other"
}

// serve takes a request down its path: the body, the signature, a place, the act. Places are for proven persons alone: nobody else's slow
// body or wrong signature keeps one from them.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) (who string, done reply) {
	var body bytes.Buffer
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, h.most)); err != nil {
		return "", unreadable(err)
	}
	caller, err := h.verifier.VerifyHTTP(r, body.Bytes())
	if err != nil {
		return "", h.unauthenticated(err)
	}
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
	default:
		return caller.Party, problem(exchange.Overloaded, http.StatusServiceUnavailable, nil)
	}
	patient(w)
	return caller.Party, h.act(r, body.Bytes())
}

// actTime is how long an act may take: the trial run of a bundle has three minutes, and what comes before and after it a part of one.
const actTime = 4 * time.Minute

// patient keeps the server's deadlines, which are for requests of milliseconds, from ending the connection of a proven person while his
// bundle is tried out. A server without deadlines has none to set.
func patient(w http.ResponseWriter) {
	connection, until := http.NewResponseController(w), time.Now().Add(actTime)
	_ = errors.Join(connection.SetReadDeadline(until), connection.SetWriteDeadline(until))
}

// act does what a proven person asks for.
func (h *Handler) act(r *http.Request, body []byte) reply {
	var given any
	var err error
	switch r.Method + " " + r.URL.Path {
	case "GET " + StandingPath:
		given, err = h.desk.Standing(r.Context())
	case "POST " + PublishPath:
		given, err = h.desk.Publish(r.Context(), body)
	case "POST " + RollbackPath:
		given, err = h.desk.Rollback(r.Context(), body)
	default:
		return problem(exchange.NotFound, http.StatusNotFound, nil)
	}
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		h.logger.Warn("policies refused", "code", refusal.Code, "detail", refusal.Detail)
		return problem(exchange.PolicyRefused, http.StatusUnprocessableEntity, refusal)
	}
	if err != nil {
		h.logger.Error("policy desk", "error", err)
		return problem(exchange.Internal, http.StatusInternalServerError, nil)
	}
	return reply{http.StatusOK, given}
}
