package gateway_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// Each row spoils a good request after it was signed.
func TestSpoiltSignaturesGetTheirProblem(t *testing.T) {
	t.Parallel()
	replace := func(field, old, new string) func(*http.Request) {
		return func(request *http.Request) {
			request.Header.Set(field, strings.Replace(request.Header.Get(field), old, new, 1))
		}
	}
	rows := map[string]struct {
		spoil  func(*http.Request)
		code   string
		reason string
	}{
		"no signature":           {func(q *http.Request) { q.Header.Del("Signature") }, "signature-missing", "signature-missing"},
		"no input":               {func(q *http.Request) { q.Header.Del("Signature-Input") }, "signature-missing", "input-missing"},
		"no digest":              {func(q *http.Request) { q.Header.Del("Content-Digest") }, "signature-invalid", "digest-missing"},
		"input doubled":          {func(q *http.Request) { double(q, "Signature-Input") }, "signature-invalid", "input-doubled"},
		"signature doubled":      {func(q *http.Request) { double(q, "Signature") }, "signature-invalid", "signature-doubled"},
		"digest doubled":         {func(q *http.Request) { double(q, "Content-Digest") }, "signature-invalid", "digest-doubled"},
		"components re-ordered":  {replace("Signature-Input", `"@method" "@authority"`, `"@authority" "@method"`), "signature-invalid", "components"},
		"component left out":     {replace("Signature-Input", ` "content-digest"`, ""), "signature-invalid", "components"},
		"component doubled":      {replace("Signature-Input", `"@path"`, `"@path" "@path"`), "signature-invalid", ""},
		"parameter doubled":      {replace("Signature-Input", `;tag="zhengqiao"`, `;tag="zhengqiao";tag="zhengqiao"`), "signature-invalid", "not-canonical"},
		"another tag":            {replace("Signature-Input", `"zhengqiao"`, `"other"`), "signature-invalid", "tag"},
		"another algorithm":      {replace("Signature-Input", `;tag=`, `;alg="ed25519";tag=`), "signature-invalid", "algorithm"},
		"nonce changed":          {replace("Signature-Input", `nonce="`, `nonce="x`), "signature-invalid", "signature-wrong"},
		"another platform's key": {replace("Signature-Input", "suishenban-1", "suihaoban-1"), "signature-invalid", "signature-wrong"},
		"unknown key":            {replace("Signature-Input", "suishenban-1", "nobody-1"), "unknown-platform", "key-unknown"},
		"ID number as key id":    {replace("Signature-Input", "suishenban-1", idGood), "unknown-platform", "key-unknown"},
		"signature is garbage":   {func(q *http.Request) { q.Header.Set("Signature", "garbage") }, "signature-invalid", ""},
		"signature is empty":     {func(q *http.Request) { q.Header.Set("Signature", "sig1=::") }, "signature-invalid", "malformed"},
		"signature of zeros":     {func(q *http.Request) { q.Header.Set("Signature", "sig1=:MAYCAQACAQA=:") }, "signature-invalid", "signature-wrong"},
		"other label":            {replace("Signature", "sig1", "sig2"), "signature-invalid", ""},
		"other method":           {func(q *http.Request) { q.URL.Path = "/v1/violations/query" }, "signature-invalid", "signature-wrong"},
		"other host":             {func(q *http.Request) { q.Host = "other.example" }, "signature-invalid", "signature-wrong"},
		"other digest":           {replace("Content-Digest", "sm3=:", "sm3=:AAAA"), "signature-invalid", ""},
		"query added":            {func(q *http.Request) { q.URL.RawQuery = "a=b" }, "signature-invalid", "signature-wrong"},
		"very long input":        {func(q *http.Request) { q.Header.Set("Signature-Input", strings.Repeat("a", 9000)) }, "signature-invalid", "malformed"},
	}
	r := newRig(t)
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			request := r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"))
			row.spoil(request)
			got := r.send(t, request)
			p := got.problem(t)
			if p.Code != row.code || row.reason != "" && (len(p.Reasons) != 1 || p.Reasons[0].Code != row.reason) {
				t.Errorf("came out as %s for %v, want %s for %s", p.Code, p.Reasons, row.code, row.reason)
			}
			if got.status == http.StatusUnauthorized && got.header.Get("WWW-Authenticate") == "" {
				t.Error("401 without WWW-Authenticate (RFC 9110 §15.5.2)")
			}
			if len(r.desk.recorded()) != 0 {
				t.Error("a request of nobody in particular was recorded")
			}
		})
	}
	r.checkQuiet(t)
}

func double(request *http.Request, field string) {
	request.Header.Add(field, request.Header.Get(field))
}

func TestSignatureIsGoodOnceAndForAMinute(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := testdata(t, "licence.json")
	first := r.sign(t, "suishenban", "POST", "/v1/licences/query", body)
	again := first.Clone(t.Context())
	again.Body = must(first.GetBody())(t)
	if got := r.send(t, first); got.status != 200 {
		t.Fatalf("status %d", got.status)
	}
	if p := r.send(t, again).problem(t); p.Code != "request-replayed" {
		t.Errorf("replayed: came out as %s", p.Code)
	}
	late := r.sign(t, "suishenban", "POST", "/v1/licences/query", body)
	r.clock.turn(61 * time.Second)
	if p := r.send(t, late).problem(t); p.Code != "signature-expired" {
		t.Errorf("a minute late: came out as %s", p.Code)
	}
	early := r.sign(t, "suishenban", "POST", "/v1/licences/query", body)
	r.clock.turn(-61 * time.Second)
	if p := r.send(t, early).problem(t); p.Code != "signature-expired" {
		t.Errorf("a minute early: came out as %s", p.Code)
	}
}

// The gateway's own key is in the ring too, and stands for no platform.
func TestKeyWithoutAPlatformIsUnknown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, party := range []string{"stranger", "gateway"} {
		if p := r.send(t, r.sign(t, party, "POST", "/v1/licences/query", testdata(t, "licence.json"))).problem(t); p.Code != "unknown-platform" {
			t.Errorf("%s: came out as %s", party, p.Code)
		}
	}
}

type brokenVerifier struct{ err error }

func (b brokenVerifier) VerifyHTTP(*http.Request, []byte) (httpsig.Verified, error) {
	return httpsig.Verified{}, b.err
}

// What keeps the gateway from verifying is not the caller's fault.
func TestVerifierInTroubleIsNoRefusalOfTheCaller(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"overloaded": httpsig.ErrNonceStore, "internal": errors.New("no entropy"),
	} {
		r := newRig(t, func(deps *gateway.Deps) { deps.Verifier = brokenVerifier{err} })
		p := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"))).problem(t)
		if p.Code != want {
			t.Errorf("came out as %s, want %s", p.Code, want)
		}
	}
}

type brokenSigner struct{}

func (brokenSigner) SignResponse(*httpsig.Response) ([]byte, error) { return nil, errors.New("no key") }

// An answer that can't be signed doesn't leave.
func TestNothingLeavesUnsigned(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gateway.Deps) { deps.Signer = brokenSigner{} })
	request := r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"))
	answer := must(r.server.Client().Do(request))(t)
	defer answer.Body.Close()
	if answer.StatusCode != 500 || answer.ContentLength != 0 {
		t.Errorf("status %d with %d bytes", answer.StatusCode, answer.ContentLength)
	}
}
