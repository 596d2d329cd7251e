package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"time"
)

// callTime bounds a call: a gateway's budget is 3 s, and a machine that is far away takes a little more.
const callTime = 10 * time.Second

// transport connects by the TLS flags. No redirect is followed: it is not what was signed.
func (o callOptions) transport() (*http.Client, error) {
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.ca != "" {
		text, err := os.ReadFile(o.ca)
		if err != nil {
			return nil, fmt.Errorf("--ca: %w", err)
		}
		settings.RootCAs = x509.NewCertPool()
		if !settings.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("--ca: no certificate in %s", o.ca)
		}
	}
	if o.certificate != "" {
		pair, err := tls.LoadX509KeyPair(o.certificate, o.certificateKey)
		if err != nil {
			return nil, fmt.Errorf("--cert, --cert-key: %w", err)
		}
		settings.Certificates = []tls.Certificate{pair}
	}
	return &http.Client{
		Timeout: callTime, Transport: &http.Transport{TLSClientConfig: settings},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}
