package httpsig

import (
	"net/http"
	"strings"
	"testing"
)

// No header makes the verifier panic, and whatever it accepts as a claim is
// written in exactly one way: the base repeats the line byte for byte.
func FuzzReadRequest(f *testing.F) {
	s := setup(f)
	r, p := s.signed(f), s.verifier(f).profile
	f.Add(r.Header.Get(HeaderInput), r.Header.Get(HeaderSignature), r.Header.Get(HeaderDigest))
	f.Add("sig1="+goodInner+`;alg="sm2-sm3"`, "sig1=:AAAA:", "sm3=:AA==:, sha-256=:AA==:")
	f.Add("sig1=();created=1, sig1=()", "sig1=?1", `sm3="x"`)
	f.Add(`sig1=("signature";req;key="sig1");created=@1`, "sig1=(:AAAA:)", "a=1.5")
	f.Fuzz(func(t *testing.T, input, signature, digest string) {
		r := query()
		r.Header = http.Header{HeaderInput: {input}, HeaderSignature: {signature}, HeaderDigest: {digest}}
		if checkDigest(r.Header, r.Body) == nil && digest != ContentDigest(r.Body) {
			t.Errorf("digest %q accepted", digest)
		}
		c, err := p.claim(r.Header)
		if err != nil {
			return
		}
		base, err := c.base(&r)
		if err != nil || !strings.HasSuffix(string(base), "\n\"@signature-params\": "+strings.TrimPrefix(input, "sig1=")) {
			t.Errorf("base %q of %q: %v", base, input, err)
		}
	})
}

// The general reader, which explains signatures of any shape.
func FuzzExplain(f *testing.F) {
	f.Add(`s=("@method" "@authority" "content-digest";key="sha-512" "date");created=1`, "x=1", "example.com")
	f.Add(`s=("signature";req;key="sig1")`, "a, b=(1 2);c", "EXAMPLE.com:80")
	f.Fuzz(func(t *testing.T, input, field, authority string) {
		header := http.Header{HeaderInput: {input}, "Date": {field}, "Content-Digest": {field}}
		r := Request{Method: "GET", Authority: authority, Header: header}
		if base, err := Explain(r); err == nil && !strings.Contains(base, `"@signature-params": (`) {
			t.Errorf("base without parameters: %q", base)
		}
	})
}
