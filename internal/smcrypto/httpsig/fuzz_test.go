package httpsig

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/dunglas/httpsfv"
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

// What is read by its plain spelling is what the library reads, and written in the library's own way.
func FuzzPlain(f *testing.F) {
	for _, text := range []string{goodParameters, goodParameters + `;alg="sm2-sm3"`, `;created=0`, `;created=-1;tag="\\\""`, `;tag=""`, `;created=1;created=2`, ``, ` ;tag="a"`} {
		f.Add(text, "sig1=:AAAA:")
	}
	f.Add(goodParameters, "sig1=:AAA=:")
	f.Add(goodParameters, "sig1=:AAB=:")
	f.Add(goodParameters, "sig1=:AAAA:;a")
	f.Fuzz(func(t *testing.T, text, line string) {
		if plain, ok := plainParameters(text); ok {
			item, err := httpsfv.UnmarshalItem([]string{anyItem + text})
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			canonical, err := httpsfv.Marshal(item)
			given, faults := parseParameters(item.Params)
			if err != nil || canonical != anyItem+text || faults != nil || plain != given {
				t.Errorf("%q: %+v, the library %+v, %v, %q", text, plain, given, faults, canonical)
			}
		}
		if value, ok := plainBytes([]string{line}, Label); ok {
			_, member, err := soleMember([]string{line})
			item, _ := member.(httpsfv.Item)
			given, _ := item.Value.([]byte)
			if err != nil || !bytes.Equal(given, value) || line != byteMember(Label, value) {
				t.Errorf("%q: %x, the library %x, %v", line, value, given, err)
			}
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
