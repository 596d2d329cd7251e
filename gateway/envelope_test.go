package gateway_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
)

const envelopeType = "application/vnd.zhengqiao.envelope+json"

func (r *rig) sealed(t tb, body []byte, aad string) []byte {
	t.Helper()
	return must(envelope.Seal(rand.Reader, "gateway-1", r.keys["gateway"].Public(), body, []byte(aad)))(t)
}

func enveloped(request *http.Request) { request.Header.Set("Content-Type", envelopeType) }

func TestEnvelopedQuestionGetsAnEnvelopedAnswer(t *testing.T) {
	t.Parallel()
	for _, platform := range []string{"suishenban", "zheliban"} {
		r := newRig(t)
		body := r.sealed(t, testdata(t, "licence.json"), "POST /v1/licences/query")
		request := r.sign(t, platform, "POST", "/v1/licences/query", body, enveloped)
		got := r.send(t, request)
		if got.status != 200 || got.header.Get("Content-Type") != envelopeType {
			t.Fatalf("%s: status %d, %s", platform, got.status, got.header.Get("Content-Type"))
		}
		own := func(kid string) (envelope.Unwrapper, bool) { return r.keys[platform], kid == platform+"-1" }
		content := must(envelope.Open(got.body, own, []byte(request.Header.Get("Signature"))))(t)
		var answer struct{ Licence struct{ Points int } }
		if err := json.Unmarshal(content, &answer); err != nil || answer.Licence.Points != 3 {
			t.Errorf("%s: %v, %s", platform, err, content)
		}
		if !bytes.Equal(r.desk.recorded()[0].Body, body) {
			t.Error("what was recorded is not what was signed")
		}
	}
}

func TestEnvelopesThatDontOpen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	good := testdata(t, "licence.json")
	whole := r.sealed(t, good, "POST /v1/licences/query")
	for name, body := range map[string][]byte{
		"made for another operation": r.sealed(t, good, "POST /v1/violations/query"),
		"altered":                    bytes.Replace(whole, []byte(`"ct":"`), []byte(`"ct":"AAAA`), 1),
		"another key id":             bytes.Replace(whole, []byte("gateway-1"), []byte("gateway-0"), 1),
		"unknown algorithm":          bytes.Replace(whole, []byte("SM4GCM"), []byte("SM4ECB"), 1),
		"not an envelope":            good,
		"no JSON":                    []byte("envelope"),
	} {
		p := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", body, enveloped)).problem(t)
		if p.Code != "envelope-invalid" || p.Receipt == nil {
			t.Errorf("%s: came out as %s", name, p.Code)
		}
	}
}

// What is in an envelope is held to the contract like any other body.
func TestEnvelopeHidesNothingFromTheContract(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.sealed(t, []byte(`{"a":1,"a":2}`), "POST /v1/licences/query")
	if p := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", body, enveloped)).problem(t); p.Code != "malformed-json" {
		t.Errorf("came out as %s", p.Code)
	}
}

func TestPlatformsKeepToTheirAgreedMode(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	plain := testdata(t, "licence.json")
	for _, platform := range []string{"zheliban", "misspelt"} {
		if p := r.send(t, r.sign(t, platform, "POST", "/v1/licences/query", plain)).problem(t); p.Code != "envelope-required" {
			t.Errorf("%s, plain where an envelope is required: %s", platform, p.Code)
		}
	}
	body := r.sealed(t, plain, "POST /v1/licences/query")
	if p := r.send(t, r.sign(t, "suihaoban", "POST", "/v1/licences/query", body, enveloped)).problem(t); p.Code != "envelope-invalid" {
		t.Errorf("an envelope where none was agreed: %s", p.Code)
	}
	without := newRig(t, func(deps *gateway.Deps) { deps.Envelope = nil })
	body = without.sealed(t, plain, "POST /v1/licences/query")
	if p := without.send(t, without.sign(t, "suishenban", "POST", "/v1/licences/query", body, enveloped)).problem(t); p.Code != "envelope-invalid" {
		t.Errorf("an envelope where none is configured: %s", p.Code)
	}
	if got := r.send(t, r.sign(t, "zheliban", "GET", "/v1/capabilities", nil)); got.header.Get("Content-Type") != envelopeType {
		t.Errorf("capabilities for a platform that must encrypt: %s", got.header.Get("Content-Type"))
	}
}
