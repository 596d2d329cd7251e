package demo_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/certtest"
)

func TestTwoKeysAreValidDuringARotation(t *testing.T) {
	t.Parallel()
	yesterday, tomorrow := time.Now().Add(-24*time.Hour).UTC().Format(time.RFC3339), time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339)
	r := start(t, func(text string) string {
		return replace("      - {id: suishenban-1, public: file:keys/suishenban.pub.pem}\n",
			"      - {id: suishenban-0, public: file:keys/old.pub.pem, notAfter: "+yesterday+"}\n"+
				"      - {id: suishenban-1, public: file:keys/suishenban.pub.pem, notAfter: "+tomorrow+"}\n"+
				"      - {id: suishenban-2, public: file:keys/new.pub.pem}\n"+
				"      - {id: suishenban-3, public: file:keys/later.pub.pem, notBefore: "+tomorrow+"}\n")(text)
	}, func(made string) {
		for _, name := range []string{"old", "new", "later"} {
			newKey(t, filepath.Join(made, "keys"), name)
		}
	})
	body := r.question(t, "normal-shanghai", "licence")
	for _, test := range []struct{ id, file, want string }{
		{"suishenban-0", "old.key.pem", "signature-expired"},
		{"suishenban-1", "suishenban.key.pem", ""},
		{"suishenban-2", "new.key.pem", ""},
		{"suishenban-3", "later.key.pem", "signature-expired"},
		{"suishenban-1", "new.key.pem", "signature-invalid"},
		{"zheliban-1", "suishenban.key.pem", "signature-invalid"},
		{"nobody-1", "suishenban.key.pem", "unknown-platform"},
	} {
		if code := codeOf(t, call(t, r.client(t, test.id, test.file, nil), "/v1/licences/query", body)); code != test.want {
			t.Errorf("%s signed by %s: %q, want %q", test.id, test.file, code, test.want)
		}
	}
}

func TestTLSAndMutualTLS(t *testing.T) {
	t.Parallel()
	authority := certtest.New(t)
	r := start(t, func(text string) string {
		return "tls: {certificate: server.pem, key: server-key.pem, clientCAs: ca.pem}\n" + text
	}, func(dir string) {
		authority.Issue(t, filepath.Join(dir, "server.pem"), filepath.Join(dir, "server-key.pem"))
		authority.Issue(t, filepath.Join(dir, "client.pem"), filepath.Join(dir, "client-key.pem"))
		if err := os.WriteFile(filepath.Join(dir, "ca.pem"), authority.PEM, 0o600); err != nil {
			t.Fatal(err)
		}
	})
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM)
	certificate, err := tls.LoadX509KeyPair(filepath.Join(r.dir, "client.pem"), filepath.Join(r.dir, "client-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	body := r.question(t, "normal-shanghai", "licence")
	with := r.over(t, &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{certificate}})
	if reply := call(t, with, "/v1/licences/query", body); !reply.OK() {
		t.Errorf("with a client certificate: %d", reply.Status)
	}
	if _, err := r.over(t, &tls.Config{RootCAs: roots}).Call(t.Context(), "/v1/licences/query", body); err == nil {
		t.Error("a caller without a certificate was answered")
	}
}

// over gives a client that connects by the TLS settings.
func (r *rig) over(t *testing.T, settings *tls.Config) *client.Client {
	t.Helper()
	return r.client(t, "suishenban-1", "suishenban.key.pem", &http.Client{Transport: &http.Transport{TLSClientConfig: settings, DisableKeepAlives: true}})
}
