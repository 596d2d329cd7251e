package gateway_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway"
)

func TestMutualTLS(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	certificate, key := selfSigned(t, folder)
	files := gateway.TLSFiles{Certificate: certificate, Key: key, ClientCAs: certificate}
	config := must(files.Load())(t)
	server, stop := serve(t, gateway.ServerConfig{TLS: config}, hello)
	pair := must(tls.LoadX509KeyPair(certificate, key))(t)
	pool := x509.NewCertPool()
	pool.AddCert(must(x509.ParseCertificate(pair.Certificate[0]))(t))
	rows := map[string]struct {
		client *tls.Config
		ok     bool
	}{
		"with a certificate": {&tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}}, true},
		"without":            {&tls.Config{RootCAs: pool}, false},
		"TLS 1.1":            {&tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}, false},
	}
	for name, row := range rows {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: row.client}}
		got, err := text(t, client, "https://"+server.Addr().String())
		if (err == nil && got == "hello") != row.ok {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// selfSigned writes a certificate for 127.0.0.1 that is its own authority.
func selfSigned(t tb, folder string) (certificate, key string) {
	t.Helper()
	private := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, private.Public(), private))(t)
	write := func(name, kind string, content []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(private))(t))
}

func TestTLSFilesThatDontLoad(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	certificate, key := selfSigned(t, folder)
	for name, files := range map[string]gateway.TLSFiles{
		"no key":                {Certificate: certificate},
		"no certificate":        {Key: key},
		"authorities only":      {ClientCAs: certificate},
		"authorities not there": {Certificate: certificate, Key: key, ClientCAs: filepath.Join(folder, "none")},
		"a key as authorities":  {Certificate: certificate, Key: key, ClientCAs: key},
	} {
		if _, err := files.Load(); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
	if config, err := (gateway.TLSFiles{}).Load(); config != nil || err != nil {
		t.Errorf("no files: %v, %v", config, err)
	}
}
