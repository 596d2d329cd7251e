package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Probed is what a probe showed, step by step. A step that was not reached took no time.
type Probed struct {
	Resolve   time.Duration // of the host's name
	Connect   time.Duration // to its address
	Handshake time.Duration // TLS, for https
	CertUntil time.Time     // when the first certificate of the chain to end will end; zero without TLS
	Secure    bool          // TLS was spoken
}

// Probe makes a connection of its own to the host of an absolute URL, by the client's own rules about addresses, certificates and
// proxy, and closes it without having asked anything. It neither uses nor changes the kept connections and the breaker. The error is
// a SourceDown or a SourceTimeout whose [exchange.LayerOf] is the step that failed: dns, tcp, tls or time. With a proxy, which alone
// is connected to, the host itself is not looked at.
func (c *Client) Probe(ctx context.Context, target string) (Probed, error) {
	var seen Probed
	address, err := c.probeTarget(target)
	if err != nil {
		return seen, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	if err := c.probe(ctx, address, &seen); err != nil {
		return seen, c.asError(classify(ctx, false, err))
	}
	return seen, nil
}

// probeTarget gives what is really connected to.
func (c *Client) probeTarget(target string) (*url.URL, error) {
	if c.config.Proxy != "" {
		target = c.config.Proxy
	}
	address, err := url.Parse(target)
	if err != nil || address.Host == "" {
		return nil, exchange.Errorf(exchange.Internal, "the configured address is not a URL")
	}
	return address, nil
}

func (c *Client) probe(ctx context.Context, address *url.URL, seen *Probed) error {
	began := time.Now()
	if _, err := net.DefaultResolver.LookupNetIP(ctx, "ip", address.Hostname()); err != nil {
		return err
	}
	resolved := time.Now()
	seen.Resolve = resolved.Sub(began)
	connection, err := c.transport.DialContext(ctx, "tcp", net.JoinHostPort(address.Hostname(), portOf(address)))
	if err != nil {
		return err
	}
	defer connection.Close()
	seen.Connect = time.Since(resolved)
	if address.Scheme != "https" {
		return nil
	}
	return c.handshake(ctx, connection, address.Hostname(), seen)
}

func (c *Client) handshake(ctx context.Context, connection net.Conn, host string, seen *Probed) error {
	secure := c.transport.TLSClientConfig.Clone()
	if secure.ServerName == "" {
		secure.ServerName = host
	}
	began, session := time.Now(), tls.Client(connection, secure)
	if err := session.HandshakeContext(ctx); err != nil {
		return err
	}
	state := session.ConnectionState()
	seen.Handshake, seen.Secure, seen.CertUntil = time.Since(began), true, firstEnd(&state)
	return nil
}

func portOf(address *url.URL) string {
	switch {
	case address.Port() != "":
		return address.Port()
	case address.Scheme == "https":
		return "443"
	}
	return "80"
}

// firstEnd gives the earliest end of the certificates that were shown.
func firstEnd(state *tls.ConnectionState) time.Time {
	var first time.Time
	if state == nil {
		return first
	}
	for _, certificate := range state.PeerCertificates {
		if first.IsZero() || certificate.NotAfter.Before(first) {
			first = certificate.NotAfter
		}
	}
	return first
}

// Date asks for the platform's clock: one HEAD request without credentials, whose status does not matter. The error is that of
// [Client.Probe], or SourceInvalid without a Date header.
func (c *Client) Date(ctx context.Context, target string) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, target, nil)
	if err != nil {
		return time.Time{}, exchange.Errorf(exchange.Internal, "the configured address is not a URL")
	}
	reply, err := c.transport.RoundTrip(request)
	if err != nil {
		return time.Time{}, c.asError(classify(ctx, false, err))
	}
	_ = reply.Body.Close()
	date, err := http.ParseTime(reply.Header.Get("Date"))
	if err != nil {
		return time.Time{}, exchange.Errorf(exchange.SourceInvalid, "the answer has no Date header")
	}
	return date, nil
}

// Certificate gives the end of our own client certificate for the destination; the zero time without one.
func (c *Client) Certificate() (time.Time, error) {
	if c.config.TLS.CertFile == "" {
		return time.Time{}, nil
	}
	pair := c.transport.TLSClientConfig.Certificates
	if len(pair) == 0 || len(pair[0].Certificate) == 0 {
		return time.Time{}, errors.New("tls.certFile: no certificate in it")
	}
	leaf, err := x509.ParseCertificate(pair[0].Certificate[0])
	if err != nil {
		return time.Time{}, fmt.Errorf("tls.certFile: %w", err)
	}
	return leaf.NotAfter, nil
}

// NextProbe tells how long an open breaker still lets no call through; 0 otherwise.
func (c *Client) NextProbe() time.Duration {
	if !c.gate.breaker.IsOpen() {
		return 0
	}
	return c.gate.breaker.RemainingDelay()
}
