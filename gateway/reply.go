package gateway

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// reply is what goes out.
type reply struct {
	status     int
	media      string
	body       []byte
	locale     locale // of a text for people; empty: none
	retryAfter int    // seconds; 0: no advice
	location   string // where a redirection leads; empty: none
	policy     string // Content-Security-Policy; empty: nothing may be loaded
}

// noContent forbids everything: the contract's answers are data, not pages.
const noContent = "default-src 'none'; frame-ancestors 'none'"

// send signs the reply and writes it. It is the one place where an answer leaves: nothing goes out unsigned. If signing
// fails, an empty internal error does, since a body nobody can trust is worse than none.
func (g *Gateway) send(c echo.Context, v *visit, r reply) {
	header := c.Response().Header()
	r.fields(header, v.id, c.IsTLS())
	v.standing.fields(header)
	if r.status == http.StatusRequestTimeout || !keepsAlive(c, v) { // 408: the next request could not be told from the lost body
		header["Connection"] = []string{"close"}
	}
	signed := httpsig.Response{Status: r.status, Header: header, Body: r.body, Request: c.Request().Header}
	if _, err := g.deps.Signer.SignResponse(&signed); err != nil {
		v.failure = errors.Join(v.failure, err)
		r.status, r.body = http.StatusInternalServerError, nil
		header.Set("Content-Length", "0")
	}
	v.status, v.sent = r.status, len(r.body)
	c.Response().WriteHeader(r.status)
	if c.Request().Method == http.MethodHead {
		return
	}
	if _, err := c.Response().Write(r.body); err != nil {
		v.failure = errors.Join(v.failure, err)
	}
}

func (r *reply) fields(header http.Header, id string, encrypted bool) {
	set := func(name, value string) { header[name] = []string{value} }
	set("Content-Type", r.media)
	set("Content-Length", strconv.Itoa(len(r.body)))
	set("X-Request-Id", id)
	set("Cache-Control", "no-store")
	set("X-Content-Type-Options", "nosniff")
	set("Referrer-Policy", "no-referrer")
	set("Content-Security-Policy", noContent)
	if r.policy != "" {
		set("Content-Security-Policy", r.policy)
	}
	if encrypted {
		set("Strict-Transport-Security", "max-age=31536000")
	}
	if r.locale != "" {
		set("Content-Language", string(r.locale))
		set("Vary", "Accept-Language")
	}
	if r.location != "" {
		set("Location", r.location)
	}
	if r.retryAfter > 0 {
		set("Retry-After", strconv.Itoa(r.retryAfter))
	}
	if r.status == http.StatusUnauthorized {
		set("Www-Authenticate", `Signature realm="zhengqiao", tag="zhengqiao"`)
	}
}
