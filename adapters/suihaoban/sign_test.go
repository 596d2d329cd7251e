package suihaoban

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestUpstreamSignature(t *testing.T) {
	t.Parallel()
	got := upstreamSignature("1648771200", "demo-token", "abcdefgh12345678")
	if got != "3ADC399AF66AFB9E4FA537ADD6900561326A750D2E3B599498DBD5C4E551C9B2" {
		t.Errorf("got %s", got)
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{PrefixTIF, PrefixRIO} {
		random := bytes.NewReader([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
		signer := signer{prefix, "paas", "demo-token", func() time.Time { return time.Unix(1648771200, 999) }, random}
		header := http.Header{}
		if err := signer.sign(header); err != nil {
			t.Fatal(err)
		}
		for suffix, want := range map[string]string{
			"-paasid": "paas", "-timestamp": "1648771200", "-nonce": "0001020304050607",
			"-signature": upperSHA256("1648771200demo-token00010203040506071648771200"),
		} {
			if got := header.Get(prefix + suffix); got != want {
				t.Errorf("%s%s: %q, want %q", prefix, suffix, got, want)
			}
		}
		if err := signer.sign(header); err != nil || header.Get(prefix+"-nonce") != "08090a0b0c0d0e0f" {
			t.Errorf("the second nonce is %q, error %v", header.Get(prefix+"-nonce"), err)
		}
		if err := signer.sign(header); err == nil {
			t.Error("signed without randomness")
		}
	}
}

func BenchmarkSign(b *testing.B) {
	b.ReportAllocs()
	random := bytes.NewReader(make([]byte, nonceBytes))
	signer := signer{PrefixTIF, "paas", "demo-token", func() time.Time { return time.Unix(1648771200, 0) }, random}
	for b.Loop() {
		random.Reset(make([]byte, nonceBytes))
		if err := signer.sign(http.Header{}); err != nil {
			b.Fatal(err)
		}
	}
}
