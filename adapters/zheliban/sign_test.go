package zheliban

import (
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestIRSSignature(t *testing.T) {
	t.Parallel()
	signer := irsSigner{
		method: http.MethodPost, path: "/restapi/prod/IC33000020220329000007/uc/sso/access_token",
		accessKey: "demo-access-key", secretKey: []byte("demo-secret-key"),
	}
	header := http.Header{}
	signer.sign(header, time.Date(2022, 4, 1, 8, 0, 0, 0, time.FixedZone("CST", 8*60*60)))
	for name, want := range map[string]string{
		"X-BG-HMAC-ACCESS-KEY": "demo-access-key",
		"X-BG-HMAC-ALGORITHM":  "hmac-sha256",
		"X-BG-DATE-TIME":       "Fri, 01 Apr 2022 00:00:00 GMT",
		"X-BG-HMAC-SIGNATURE":  "zenjygzMIQHVCdI1Tkv31v8y1rnaVxsSoTWt47lOZBQ=",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestPathIsSignedAsItIsSent(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://example.test:8443/restapi/prod/IC1/licence/query": "/restapi/prod/IC1/licence/query",
		"https://example.test/a%20b/c":                             "/a%20b/c",
		"https://example.test/驾驶证":                                 "/%E9%A9%BE%E9%A9%B6%E8%AF%81",
		"https://example.test":                                     "/",
	} {
		if got := pathOf(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

// TestHMACOfAPISIX is the example in the documentation of APISIX's hmac-auth, the origin of the scheme.
func TestHMACOfAPISIX(t *testing.T) {
	t.Parallel()
	text := "GET\n/index.html\nage=36&name=james\nuser-key\nTue, 19 Jan 2021 11:33:20 GMT\nUser-Agent:curl/7.29.0\nx-custom-a:test\n"
	if got := base64HMAC([]byte("my-secret-key"), text); got != "8XV1GB7Tq23OJcoz6wjqTs4ZLxr9DiLoY4PxzScWGYg=" {
		t.Errorf("got %s", got)
	}
}

func TestSharingSign(t *testing.T) {
	t.Parallel()
	form := signedForm("demo-access-key", "demo-secret-key", time.UnixMilli(1648771200000))
	for field, want := range map[string]string{
		"appKey": "demo-access-key", "requestTime": "1648771200000", "sign": "fba82229020a5e9d5f1fc7fc0284186d",
	} {
		if got := form.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

func BenchmarkIRSSign(b *testing.B) {
	b.ReportAllocs()
	signer := irsSigner{http.MethodPost, "/restapi/prod/IC33000020260101000001/licence/query", "ak", []byte("sk")}
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		signer.sign(http.Header{}, now)
	}
}
