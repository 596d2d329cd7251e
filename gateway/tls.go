package gateway

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// TLSFiles names the PEM files of the contract's listener.
type TLSFiles struct {
	Certificate string // chain, leaf first
	Key         string
	ClientCAs   string // set: every caller must show a certificate that one of these authorities signed
}

// Load gives the configuration: TLS 1.2 at least. Without a certificate it is nil, which means plain HTTP. TLCP (GB/T 38636)
// is not spoken here: a front proxy does that.
func (f TLSFiles) Load() (*tls.Config, error) {
	if f == (TLSFiles{}) {
		return nil, nil
	}
	certificate, err := tls.LoadX509KeyPair(f.Certificate, f.Key)
	if err != nil {
		return nil, fmt.Errorf("load the TLS certificate: %w", err)
	}
	config := &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}, NextProtos: []string{"http/1.1"},
	}
	if f.ClientCAs == "" {
		return config, nil
	}
	config.ClientAuth = tls.RequireAndVerifyClientCert
	config.ClientCAs, err = loadPool(f.ClientCAs)
	return config, err
}

func loadPool(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load the client authorities: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New("load the client authorities: no certificate in the file")
	}
	return pool, nil
}
