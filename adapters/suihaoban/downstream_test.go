package suihaoban

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// usedNonces is a guard that a test can look into.
type usedNonces struct {
	until map[string]time.Time
	err   error
}

func (n *usedNonces) Use(nonce string, until time.Time) (bool, error) {
	if n.err != nil {
		return false, n.err
	}
	if _, used := n.until[nonce]; used {
		return false, nil
	}
	n.until[nonce] = until
	return true, nil
}

var received = time.Unix(1648771200, 0)

func verifier() (Verifier, *usedNonces) {
	nonces := &usedNonces{until: map[string]time.Time{}}
	return Verifier{Prefix: PrefixTIF, PaasID: "paas", Token: "demo-token", Nonces: nonces}, nonces
}

// pushed is a call as TIF passes it on, signed by a written-out rule rather than by the code under test.
func pushed(changes ...string) http.Header {
	header := http.Header{}
	for name, value := range map[string]string{
		"x-tif-paasid": "paas", "x-tif-timestamp": "1648771200", "x-tif-nonce": "abcdefgh12345678", "x-tif-uid": "u-1",
		"x-tif-uinfo": "info,1", "x-tif-ext": "ext",
		"x-tif-signature": upperSHA256("1648771200" + "demo-token" + "abcdefgh12345678" + "," + "u-1" + "," + "info,1" + "," + "ext" + "1648771200"),
	} {
		header.Set(name, value)
	}
	for i := 0; i < len(changes); i += 2 {
		header.Set(changes[i], changes[i+1])
	}
	return header
}

func TestVerifyDownstream(t *testing.T) {
	t.Parallel()
	v, nonces := verifier()
	visitor, err := v.VerifyDownstream(pushed(), received)
	if err != nil || visitor != (Visitor{"u-1", "info,1", "ext"}) {
		t.Fatalf("got %v, error %v", visitor, err)
	}
	if until := nonces.until["abcdefgh12345678"]; !until.After(received.Add(DownstreamSkew)) {
		t.Errorf("the nonce is kept until %v, while its call is good until %v", until, received.Add(DownstreamSkew))
	}
	visitor, err = v.VerifyDownstream(pushed(), received.Add(time.Second))
	if exchange.CodeOf(err) != exchange.RequestReplayed || visitor != (Visitor{}) {
		t.Errorf("again: %v, error %v", visitor, err)
	}
}

func TestVerifyDownstreamAcceptsEitherCaseOfHex(t *testing.T) {
	t.Parallel()
	v, _ := verifier()
	header := pushed()
	header.Set("x-tif-signature", strings.ToLower(header.Get("x-tif-signature")))
	if _, err := v.VerifyDownstream(header, received); err != nil {
		t.Error(err)
	}
}

func TestVerifyDownstreamRefuses(t *testing.T) {
	t.Parallel()
	twice := pushed()
	twice.Add("x-tif-uid", "u-1")
	moved := "1648771200" + "demo-token" + "n," + "u" + ",," + ",1648771200"
	cases := []struct {
		name   string
		header http.Header
		late   time.Duration
		want   exchange.Code
	}{
		{"no signature", pushed("x-tif-signature", ""), 0, exchange.SignatureMissing},
		{"no paasid", pushed("x-tif-paasid", ""), 0, exchange.SignatureMissing},
		{"no nonce", pushed("x-tif-nonce", ""), 0, exchange.SignatureMissing},
		{"a header twice", twice, 0, exchange.SignatureMissing},
		{"another product's headers", http.Header{"X-Rio-Signature": {"00"}}, 0, exchange.SignatureMissing},
		{"late", pushed(), DownstreamSkew + time.Nanosecond, exchange.SignatureExpired},
		{"early", pushed(), -DownstreamSkew - time.Nanosecond, exchange.SignatureExpired},
		{"another uid", pushed("x-tif-uid", "u-2"), 0, exchange.SignatureInvalid},
		{"another uinfo", pushed("x-tif-uinfo", "info"), 0, exchange.SignatureInvalid},
		{"another ext", pushed("x-tif-ext", ""), 0, exchange.SignatureInvalid},
		{"another nonce", pushed("x-tif-nonce", "abcdefgh12345679"), 0, exchange.SignatureInvalid},
		{"another service", pushed("x-tif-paasid", "other"), 0, exchange.SignatureInvalid},
		{"no hex", pushed("x-tif-signature", "signature"), 0, exchange.SignatureInvalid},
		{"half a signature", pushed("x-tif-signature", pushed().Get("x-tif-signature")[:32]), 0, exchange.SignatureInvalid},
		{"the upstream form", pushed("x-tif-signature", upstreamSignature("1648771200", "demo-token", "abcdefgh12345678")), 0, exchange.SignatureInvalid},
		{"time in words", pushed("x-tif-timestamp", "now"), 0, exchange.SignatureInvalid},
		{"time with a sign", pushed("x-tif-timestamp", "+648771200"), 0, exchange.SignatureInvalid},
		{"time in milliseconds", pushed("x-tif-timestamp", "1648771200000"), 0, exchange.SignatureInvalid},
		{"a moved border", pushed("x-tif-nonce", "n,u", "x-tif-uid", "", "x-tif-uinfo", "", "x-tif-ext", "", "x-tif-signature", upperSHA256(moved)), 0, exchange.SignatureInvalid},
		{"a long nonce", pushed("x-tif-nonce", strings.Repeat("n", 129)), 0, exchange.SignatureInvalid},
	}
	for _, c := range cases {
		v, nonces := verifier()
		visitor, err := v.VerifyDownstream(c.header, received.Add(c.late))
		if exchange.CodeOf(err) != c.want || visitor != (Visitor{}) {
			t.Errorf("%s: %v, error %v, want %q", c.name, visitor, err, c.want)
		}
		if len(nonces.until) != 0 {
			t.Errorf("%s: a call that doesn't verify used up a nonce", c.name)
		}
	}
}

func TestVerifyDownstreamNeedsATokenAndAGuard(t *testing.T) {
	t.Parallel()
	v, _ := verifier()
	v.Token = ""
	header := pushed("x-tif-signature", downstreamSignature("1648771200", "", "abcdefgh12345678", Visitor{"u-1", "info,1", "ext"}))
	if _, err := v.VerifyDownstream(header, received); exchange.CodeOf(err) != exchange.SignatureInvalid {
		t.Errorf("without a token: error %v", err)
	}
	v, nonces := verifier()
	nonces.err = errors.New("no store")
	if visitor, err := v.VerifyDownstream(pushed(), received); !errors.Is(err, nonces.err) || visitor != (Visitor{}) {
		t.Errorf("without a guard: %v, error %v", visitor, err)
	}
}

func FuzzVerifyDownstream(f *testing.F) {
	f.Add("1648771200", "abcdefgh12345678", pushed().Get("x-tif-signature"), "u-1", "info,1", "ext")
	f.Add("", "", "", "", "", "")
	f.Add("9999999999", "n", "00", "u,1", ",", ",")
	f.Fuzz(func(t *testing.T, timestamp, nonce, signature, uid, info, ext string) {
		v, nonces := verifier()
		header := http.Header{
			"X-Tif-Paasid": {"paas"}, "X-Tif-Timestamp": {timestamp}, "X-Tif-Nonce": {nonce}, "X-Tif-Signature": {signature},
			"X-Tif-Uid": {uid}, "X-Tif-Uinfo": {info}, "X-Tif-Ext": {ext},
		}
		visitor, err := v.VerifyDownstream(header, received)
		if (err == nil) != (len(nonces.until) == 1) {
			t.Fatalf("error %v with %d nonces used", err, len(nonces.until))
		}
		if err == nil && visitor != (Visitor{uid, info, ext}) {
			t.Fatalf("verified as %v", visitor)
		}
	})
}

func BenchmarkVerifyDownstream(b *testing.B) {
	b.ReportAllocs()
	v, nonces := verifier()
	header := pushed()
	for b.Loop() {
		clear(nonces.until)
		if _, err := v.VerifyDownstream(header, received); err != nil {
			b.Fatal(err)
		}
	}
}
