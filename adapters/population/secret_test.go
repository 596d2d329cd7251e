package population

import (
	"encoding/hex"
	"net/http"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// The signature is the known answer that published clients of the platform reproduce.
func TestSignatureVector(t *testing.T) {
	t.Parallel()
	caller := identity{requester: "r-demo-0001", service: "s_1200000900000_2109"}
	header := http.Header{}
	caller.at(time.UnixMilli(1648771200000), "demo-app-key").put(header)
	for name, want := range map[string]string{
		"gjgxjhpt_rid": "r-demo-0001", "gjgxjhpt_sid": "s_1200000900000_2109", "gjgxjhpt_rtime": "1648771200000",
		"gjgxjhpt_sign": "+3INR0w1bp0nteD8AH21zngGE6Ljpn0ki059m2Q3LkU=",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// The ciphertexts were made with OpenSSL 3.0.19: enc -aes-128-ecb -K <key> -base64, the key by two sha1sum.
func TestUnwrapVectors(t *testing.T) {
	t.Parallel()
	if got := hex.EncodeToString(wrappingKey("demo-app-key")); got != "d0e2756624362ec2161734cfe2d07cde" {
		t.Errorf("wrapping key %s", got)
	}
	for wrapped, want := range map[string]string{
		"VgZSvwx90FumKCRGFQIFIFvE7SBemCtLyUdXOZvXqbY=": "demo-secret-of-24-letters",
		"ocqT1An4C9xsjupKsnb7lMZ3ffqkfd9nuKbfO9fth6U=": "demo-secret-0016",
	} {
		if got, err := unwrap("demo-app-key", wrapped); err != nil || got != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
	for name, wrapped := range map[string]string{
		"nothing": "", "no base64": "%", "no whole block": "AAAA", "another key's": "AAAAAAAAAAAAAAAAAAAAAA==",
		"an empty secret": "xnd9+qR932e4pt871+2HpQ==",
	} {
		if got, err := unwrap("demo-app-key", wrapped); err == nil {
			t.Errorf("%s: got %q, want an error", name, got)
		}
	}
}

func TestRefreshAnswers(t *testing.T) {
	t.Parallel()
	const wrapped = "ocqT1An4C9xsjupKsnb7lMZ3ffqkfd9nuKbfO9fth6U="
	for _, body := range []string{
		`{"code":"0","message":"","data":{"secret":"` + wrapped + `","secretEndTime":1648771200000}}`,
		`{"code":"0","data":{"secret":"` + wrapped + `","secretEndTime":"1648771200000"}}`,
	} {
		secret, ends, err := readSecret([]byte(body), "demo-app-key")
		if err != nil || secret != "demo-secret-0016" || !ends.Equal(time.UnixMilli(1648771200000)) {
			t.Errorf("%s: %q until %v, %v", body, secret, ends, err)
		}
	}
	for body, want := range map[string]exchange.Code{
		`{"code":"-1","message":"x"}`:    exchange.SourceRefused,
		`{"code":"E-106","message":"x"}`: exchange.SourceRefused,
		`{"code":"E-999"}`:               exchange.SourceDown,
		`{"code":"0"}`:                   exchange.SourceInvalid,
		`{"code":"0","data":{"secret":"` + wrapped + `","secretEndTime":"soon"}}`: exchange.SourceInvalid,
		`{"code":"0","data":{"secret":"AAAA","secretEndTime":1}}`:                 exchange.SourceInvalid,
		`[]`:     exchange.SourceInvalid,
		`<html>`: exchange.SourceInvalid,
		``:       exchange.SourceInvalid,
	} {
		if _, _, err := readSecret([]byte(body), "demo-app-key"); exchange.CodeOf(err) != want {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

func FuzzRefreshAnswer(f *testing.F) {
	f.Add([]byte(`{"code":"0","data":{"secret":"ocqT1An4C9xsjupKsnb7lMZ3ffqkfd9nuKbfO9fth6U=","secretEndTime":1648771200000}}`))
	f.Add([]byte(`{"code":"E-106"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		secret, _, err := readSecret(body, "demo-app-key")
		if (err == nil) == (secret == "") || err != nil && exchange.CodeOf(err) == exchange.Internal {
			t.Fatalf("secret of %d bytes, %v", len(secret), err)
		}
	})
}
