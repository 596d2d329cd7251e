package gateway

import (
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// send answers: with what was done, or with the problem of an error. Everything that leaves is signed; if signing fails, an empty
// internal error leaves, since a body that nobody can trust is worse than none.
func (o *Operators) send(w http.ResponseWriter, v *operatorVisit, done outcome, err error) {
	r := reply{status: done.status, media: mediaJSON}
	v.outcome = exchange.Answered
	if err == nil {
		r.body, err = json.Marshal(done.body, json.Deterministic(true))
	}
	if err != nil {
		r = o.problem(v, err)
	}
	header := w.Header()
	r.fields(header, v.id, v.request.TLS != nil)
	if v.allow != "" {
		header.Set("Allow", v.allow)
	}
	signed := httpsig.Response{Status: r.status, Header: header, Body: r.body, Request: v.request.Header}
	if _, err := o.deps.Signer.SignResponse(&signed); err != nil {
		v.failed(err)
		r.status, r.body = http.StatusInternalServerError, nil
		header.Set("Content-Length", "0")
	}
	v.code, v.sent = r.status, len(r.body)
	w.WriteHeader(r.status)
	if v.request.Method == http.MethodHead {
		return
	}
	if _, err := w.Write(r.body); err != nil {
		v.failed(err)
	}
}

func (o *Operators) problem(v *operatorVisit, err error) reply {
	l := localeOf(v.request.Header)
	p := o.catalogue.render(failureOf(err), v.id, l)
	v.outcome = string(p.Code)
	v.failed(err)
	body, err := json.Marshal(p)
	if err != nil {
		v.failed(err)
	}
	return reply{status: p.Status, media: mediaProblem, body: body, locale: l, retryAfter: p.RetryAfter}
}
