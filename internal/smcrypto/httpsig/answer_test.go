package httpsig

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// answered is the gateway's signed answer to a signed request.
func (b *bench) answered(t testing.TB) Response {
	t.Helper()
	r := Response{Status: 200, Header: http.Header{}, Body: []byte(`{"points":3}`), Request: b.signed(t).Header}
	if _, err := b.gateway.SignResponse(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnswerAccepted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.answered(t)
	got, err := b.answers(t).Verify(r)
	if err != nil || got.KeyID != "gw-1" || got.Party != "gateway" || got.Nonce != "" {
		t.Fatalf("%+v, %v", got, err)
	}
	base, err := ExplainResponse(r)
	if err != nil || base != string(got.Base) || !strings.Contains(base, `"signature";req;key="sig1": :`) {
		t.Errorf("base %q, %v", base, err)
	}
}

func TestAnswerRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		alter func(*testing.T, *bench, *Response)
		want  error
	}{
		"status altered": {func(_ *testing.T, _ *bench, r *Response) { r.Status = 404 }, ErrSignatureWrong},
		"body altered":   {func(_ *testing.T, _ *bench, r *Response) { r.Body[0] = '[' }, ErrDigestMismatch},
		"body cut":       {func(_ *testing.T, _ *bench, r *Response) { r.Body = r.Body[1:] }, ErrDigestMismatch},
		"other request":  {func(t *testing.T, b *bench, r *Response) { r.Request = b.signed(t).Header }, ErrSignatureWrong},
		"unsigned":       {func(_ *testing.T, _ *bench, r *Response) { r.Header.Del(HeaderInput) }, ErrInputMissing},
		"unbound": {func(t *testing.T, b *bench, r *Response) {
			bare := *r
			bare.Request = http.Header{}
			if _, err := b.gateway.SignResponse(&bare); err != nil {
				t.Fatal(err)
			}
		}, ErrUnbound},
		"signed by a client": {func(t *testing.T, b *bench, r *Response) {
			if _, err := b.client.SignResponse(r); err != nil {
				t.Fatal(err)
			}
		}, ErrKeyParty},
		"a nonce in an answer": {func(_ *testing.T, _ *bench, r *Response) {
			r.Header.Set(HeaderInput, r.Header.Get(HeaderInput)+`;nonce="abcdefghijklmnop"`)
		}, ErrParameterUnknown},
		"request's form": {func(_ *testing.T, _ *bench, r *Response) {
			r.Header.Set(HeaderInput, Label+"="+goodInner)
		}, ErrComponents},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			r := b.answered(t)
			c.alter(t, b, &r)
			if got, err := b.answers(t).Verify(r); !errors.Is(err, c.want) || got.Party != "" {
				t.Errorf("got %+v, %v, want %v", got, err, c.want)
			}
		})
	}
}

// A gateway that cannot read the request's signature answers all the same, and a
// reader can prove at least who answered.
func TestUnboundAnswer(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]http.Header{
		"none":    nil,
		"two":     {HeaderSignature: {"sig1=:AAAA:", "sig1=:AAAA:"}},
		"garbage": {HeaderSignature: {"sig1=:AA"}},
		"label":   {HeaderSignature: {"sig2=:AAAA:"}},
	} {
		b := setup(t)
		r := Response{Status: 400, Header: http.Header{}, Request: header}
		base, err := b.gateway.SignResponse(&r)
		if err != nil || strings.Contains(string(base), ";req") {
			t.Errorf("%s: %q, %v", name, base, err)
		}
		signature, err := parseSignature(r.Header[HeaderSignature])
		record, _ := b.ring.Key("gw-1")
		if err != nil || !record.Key.Verify(base, signature) {
			t.Errorf("%s: not signed: %v", name, err)
		}
	}
}
