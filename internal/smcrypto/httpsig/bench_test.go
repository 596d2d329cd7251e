package httpsig

import (
	"context"
	"testing"
	"time"
)

// acceptAll lets one request be verified over and over.
type acceptAll struct{}

func (acceptAll) Mark(context.Context, string, string, time.Time) (bool, error) { return true, nil }

func BenchmarkVerifyRequest(b *testing.B) {
	s := setup(b)
	s.config.Nonces = acceptAll{}
	v, r := s.verifier(b), s.signed(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(context.Background(), r); err != nil {
			b.Fatal(err)
		}
	}
}

// What a request costs apart from the curve: parsing, digest, base.
func BenchmarkReadRequest(b *testing.B) {
	s := setup(b)
	r, p := s.signed(b), s.verifier(b).profile
	b.ReportAllocs()
	for b.Loop() {
		c, err := p.claim(r.Header)
		if err == nil {
			err = checkDigest(r.Header, r.Body)
		}
		if err == nil {
			_, err = c.base(&r)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignRequest(b *testing.B) {
	s, r := setup(b), query()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.client.SignRequest(&r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignResponse(b *testing.B) {
	s := setup(b)
	r := Response{Status: 200, Header: map[string][]string{}, Body: []byte(`{}`), Request: s.signed(b).Header}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.gateway.SignResponse(&r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMarkNonce(b *testing.B) {
	m := NewMemoryNonces(1<<30, at(moment))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := m.Mark(context.Background(), "k", nonceOf(i), time.Unix(moment+60, 0)); err != nil {
			b.Fatal(err)
		}
	}
}

func nonceOf(i int) string {
	digits := []byte("0000000000000000")
	for p := len(digits) - 1; i > 0; p-- {
		digits[p] = byte('0' + i%10)
		i /= 10
	}
	return string(digits)
}
