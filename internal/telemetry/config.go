package telemetry

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// Traceparent says what a proven caller's header of that name (W3C Trace Context §3.2) is taken for. That of anybody else is never
// looked at.
type Traceparent string

// What it may be taken for.
const (
	// TraceparentIgnore: nothing.
	TraceparentIgnore Traceparent = "ignore"
	// TraceparentLink: a trace of our own refers to the caller's; whether it is kept is drawn here.
	TraceparentLink Traceparent = "link"
	// TraceparentParent: our spans are part of the caller's trace, and the caller says whether it is kept.
	TraceparentParent Traceparent = "parent"
)

// Config says where traces go.
type Config struct {
	// Endpoint is the collector's address, such as https://collector:4318; without a path it gets /v1/traces (OTLP 1.x, §OTLP/HTTP
	// Request). Required.
	Endpoint string
	// Ratio is the share of traces that are kept, 0 to 1.
	Ratio float64
	// Token goes along as Authorization: Bearer; empty: none.
	Token string
	// TLS is used for https; nil: the system's authorities, no client certificate.
	TLS *tls.Config
	// Traceparent is taken as said there. Default [TraceparentLink].
	Traceparent Traceparent
	// Version and Node name this program among others: service.version and service.instance.id.
	Version, Node string
	// Observe is told how many spans went out, or did not and why; nil: nobody. It must not block.
	Observe func(spans int, failure error)
	// Ended is told of each span that waits for the collector from now on, or finds no room to do so; nil: nobody. It must not block.
	Ended func()
	// Wait is how long spans are gathered before they go out. Default 5s.
	Wait time.Duration
}

// tracesPath is where a collector takes traces if its address has no path.
const tracesPath = "/v1/traces"

func (c *Config) fill() error {
	address, err := url.Parse(c.Endpoint)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return errors.New("endpoint: want http://host:port or https://host:port")
	}
	if address.User != nil || address.RawQuery != "" || address.Fragment != "" {
		return errors.New("endpoint: must have no user, query or fragment; a secret goes into the token")
	}
	if address.Path == "" || address.Path == "/" {
		address.Path = tracesPath
	}
	c.Endpoint = address.String()
	if !(c.Ratio >= 0 && c.Ratio <= 1) { // also for what is not a number
		return fmt.Errorf("ratio: want 0 to 1")
	}
	switch c.Traceparent {
	case "":
		c.Traceparent = TraceparentLink
	case TraceparentIgnore, TraceparentLink, TraceparentParent:
	default:
		return errors.New("traceparent: want ignore, link or parent")
	}
	if c.Wait <= 0 {
		c.Wait = 5 * time.Second
	}
	if c.Ended == nil {
		c.Ended = func() {}
	}
	if c.Observe == nil {
		c.Observe = func(int, error) {}
	}
	return nil
}
