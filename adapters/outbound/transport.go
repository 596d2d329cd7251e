package outbound

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	idleTimeout     = 60 * time.Second // below the 75 s after which common servers close
	maxHeaderBytes  = 64 << 10
	minimumProtocol = tls.VersionTLS12
)

// newTransport builds the connection pool of one destination: HTTP/1.1 with as many kept connections as calls may be under
// way, no compression (a small answer could unfold without end), no proxy but the configured one.
func newTransport(config Config) (*http.Transport, error) {
	allowed, err := config.allowed()
	if err != nil {
		return nil, err
	}
	secure, err := config.TLS.load()
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: config.Timeout, Control: guard{allowed}.control}
	transport := &http.Transport{
		DialContext: dialer.DialContext, TLSClientConfig: secure, TLSHandshakeTimeout: config.Timeout,
		MaxIdleConns: config.Concurrency, MaxIdleConnsPerHost: config.Concurrency, MaxConnsPerHost: config.Concurrency,
		IdleConnTimeout: idleTimeout, MaxResponseHeaderBytes: maxHeaderBytes, DisableCompression: true,
	}
	proxy, err := config.proxy()
	if proxy != nil {
		transport.Proxy = http.ProxyURL(proxy)
	}
	return transport, err
}

func (t TLSConfig) load() (*tls.Config, error) {
	config := &tls.Config{MinVersion: minimumProtocol, ServerName: t.ServerName}
	if err := t.loadAuthorities(config); err != nil {
		return nil, err
	}
	if t.CertFile == "" {
		return config, nil
	}
	pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("tls.certFile: %w", err)
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}

func (t TLSConfig) loadAuthorities(config *tls.Config) error {
	if t.CAFile == "" {
		return nil
	}
	text, err := os.ReadFile(t.CAFile)
	if err != nil {
		return fmt.Errorf("tls.caFile: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(text) {
		return errors.New("tls.caFile: no certificate in it")
	}
	return nil
}
