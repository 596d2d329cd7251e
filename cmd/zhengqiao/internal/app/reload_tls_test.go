package app_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/certtest"
)

// A reload puts another certificate in force for connections that come from then on, and leaves those that are open. One that is wrong is
// refused, and the last one stays.
func TestReloadSwapsTheCertificate(t *testing.T) {
	t.Parallel()
	old, next := certtest.New(t), certtest.New(t)
	var certificate, key string
	s := newReloadStage(t, func(dir, text string) string {
		certificate, key = filepath.Join(dir, "tls.pem"), filepath.Join(dir, "tls.key")
		old.Issue(t, certificate, key)
		return text + "\ntls: {certificate: tls.pem, key: tls.key}\n"
	})
	early := handshake(t, s, old)
	defer early.Close()
	for name, step := range map[string]func(){
		"no certificate": func() { spoil(t, certificate) },
		"no key":         func() { old.Issue(t, certificate, key); spoil(t, key) },
	} {
		step()
		if _, err := s.Reload(); err == nil || !strings.Contains(err.Error(), "tls") {
			t.Errorf("%s: %v", name, err)
		}
		handshake(t, s, old).Close()
	}
	next.Issue(t, certificate, key)
	if _, err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	handshake(t, s, next).Close()
	if late, err := tls.Dial("tcp", addressOf(s), trusting(old)); err == nil {
		late.Close()
		t.Error("the old certificate is still shown")
	}
	if _, err := fmt.Fprintf(early, "GET /openapi.yaml HTTP/1.1\r\nHost: %s\r\n\r\n", addressOf(s)); err != nil {
		t.Error(err)
	}
	if n, err := early.Read(make([]byte, 12)); err != nil || n == 0 {
		t.Errorf("the connection from before: %d bytes, %v", n, err)
	}
}

func spoil(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func addressOf(s *reloadStage) string { return strings.TrimPrefix(s.URL(), "https://") }

func trusting(authority *certtest.Authority) *tls.Config {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority.PEM)
	return &tls.Config{RootCAs: pool}
}

// handshake connects to the gateway, whose certificate must be the authority's.
func handshake(t *testing.T, s *reloadStage, authority *certtest.Authority) net.Conn {
	t.Helper()
	connection, err := tls.Dial("tcp", addressOf(s), trusting(authority))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return connection
}
