package outbound_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// secure gives an HTTPS server and a file with the authority that signed its certificate.
func secure(t *testing.T) (*httptest.Server, string) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return server, file
}

func TestProbeGoesStepByStep(t *testing.T) {
	t.Parallel()
	server, ca := secure(t)
	client := open(t, outbound.Config{TLS: outbound.TLSConfig{CAFile: ca}}, outbound.Deps{})
	seen, err := client.Probe(t.Context(), server.URL)
	if err != nil || !seen.Secure || !seen.CertUntil.Equal(server.Certificate().NotAfter) || seen.Connect <= 0 {
		t.Errorf("%+v, %v", seen, err)
	}
	if date, err := client.Date(t.Context(), server.URL); err != nil || time.Since(date).Abs() > time.Hour {
		t.Errorf("%s, %v", date, err)
	}
}

func TestProbeTellsTheLayer(t *testing.T) {
	t.Parallel()
	server, _ := secure(t)
	closed := closedPort(t)
	for name, c := range map[string]struct {
		url  string
		want exchange.Layer
	}{
		"a name that does not resolve": {"http://nobody.invalid", exchange.LayerDNS},
		"nobody listens":               {"http://" + closed, exchange.LayerTCP},
		"forbidden":                    {"http://169.254.169.254", exchange.LayerTCP},
		"an unknown authority":         {server.URL, exchange.LayerTLS},
	} {
		client := open(t, outbound.Config{}, outbound.Deps{})
		if _, err := client.Probe(t.Context(), c.url); exchange.LayerOf(err) != c.want || exchange.CodeOf(err) != exchange.SourceDown {
			t.Errorf("%s: %v at %q, want %q", name, err, exchange.LayerOf(err), c.want)
		}
		_, err := client.Do(t.Context(), outbound.Request{URL: c.url})
		if exchange.LayerOf(err) != c.want {
			t.Errorf("%s, by a call: %v at %q, want %q", name, err, exchange.LayerOf(err), c.want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := open(t, outbound.Config{}, outbound.Deps{}).Probe(ended, server.URL); exchange.LayerOf(err) != exchange.LayerTime {
		t.Errorf("out of time: %v", err)
	}
}

// closedPort gives an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestEveryAttemptIsTraced(t *testing.T) {
	t.Parallel()
	server, ca := secure(t)
	var mu sync.Mutex
	var traced []outbound.Attempt
	client := open(t, outbound.Config{TLS: outbound.TLSConfig{CAFile: ca}}, outbound.Deps{Trace: func(_ context.Context, a outbound.Attempt) {
		mu.Lock()
		defer mu.Unlock()
		traced = append(traced, a)
	}})
	if _, err := client.Do(t.Context(), outbound.Request{URL: server.URL}); err != nil {
		t.Fatal(err)
	}
	_, _ = client.Do(t.Context(), outbound.Request{URL: "http://" + closedPort(t), Idempotent: true})
	if len(traced) != 3 {
		t.Fatalf("%d attempts", len(traced))
	}
	first, last := traced[0], traced[2]
	if first.Destination != "demo" || first.Date.IsZero() || !first.CertUntil.Equal(server.Certificate().NotAfter) || !last.Date.IsZero() {
		t.Errorf("%+v, %+v", first, last)
	}
}

func TestOurOwnCertificateIsRead(t *testing.T) {
	t.Parallel()
	if until, err := open(t, outbound.Config{}, outbound.Deps{}).Certificate(); err != nil || !until.IsZero() {
		t.Errorf("without one: %s, %v", until, err)
	}
	certificate, key, until := keyPair(t)
	client := open(t, outbound.Config{TLS: outbound.TLSConfig{CertFile: certificate, KeyFile: key}}, outbound.Deps{})
	if got, err := client.Certificate(); err != nil || !got.Equal(until) {
		t.Errorf("%s, want %s, %v", got, until, err)
	}
}

// keyPair writes a certificate of our own and its key.
func keyPair(t *testing.T) (certificate, key string, until time.Time) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	until = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	template := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certificate, key = filepath.Join(dir, "our.pem"), filepath.Join(dir, "our.key")
	for file, block := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: encoded}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certificate, key, until
}
