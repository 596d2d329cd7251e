package policydesk

import (
	"errors"
	"net/http"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// unreadable tells a body that is too large from one that broke off or came too slowly.
func unreadable(err error) reply {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return problem(exchange.BodyTooLarge, http.StatusRequestEntityTooLarge, nil)
	}
	return problem(exchange.BodyIncomplete, http.StatusRequestTimeout, nil)
}

// unauthenticated tells a refused signature from a failure of ours, which goes into the log.
func (h *Handler) unauthenticated(err error) reply {
	refusal, ok := errors.AsType[httpsig.Refusal](err)
	switch {
	case !ok:
		h.logger.Error("verify a signature at the policy desk", "error", err)
		return problem(exchange.Internal, http.StatusInternalServerError, nil)
	case refusal == httpsig.ErrNonceStore:
		return problem(exchange.Overloaded, http.StatusServiceUnavailable, nil)
	}
	return problem(exchange.SignatureInvalid, http.StatusUnauthorized, nil)
}

// problem gives an RFC 9457 document of the form that the contract's problems have.
func problem(code exchange.Code, status int, refusal *Refusal) reply {
	type reason struct {
		Code string        `json:"code"`
		Text exchange.Text `json:"text"`
	}
	document := struct {
		Type    string   `json:"type"`
		Title   string   `json:"title"`
		Status  int      `json:"status"`
		Code    string   `json:"code"`
		Detail  string   `json:"detail,omitempty"`
		Reasons []reason `json:"reasons,omitempty"`
	}{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: string(code)}
	if refusal != nil {
		document.Detail, document.Reasons = refusal.Detail, []reason{{refusal.Code, refusal.Text}}
	}
	return reply{status, document}
}
