package adaptertest

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// trial is one case: a platform of its own, a source that asks it, and a witness between them.
type trial struct {
	t        *testing.T
	question Question
	clock    *clock
	platform Platform
	server   *httptest.Server
	source   *exchange.Source
	witness  *witness
}

// begin starts a case; everything ends with its test, and then the witness is heard.
func begin(t *testing.T, harness Harness, credential Credential, question Question) *trial {
	t.Helper()
	c := &trial{t: t, question: question, clock: &clock{now: harness.Now}}
	c.platform = harness.Start(t, c.clock.read)
	c.witness = &witness{next: c.platform.Handler}
	c.server = httptest.NewServer(c.witness)
	t.Cleanup(c.server.Close)
	source, err := harness.Open(c.server.URL, credential, outbound.Deps{Clock: c.clock.read, Logger: c.witness.logger()})
	if err != nil {
		t.Fatal(err)
	}
	c.source = source
	t.Cleanup(c.close)
	return c
}

func (c *trial) close() {
	if c.source.Close == nil {
		return
	}
	if err := c.source.Close(); err != nil {
		c.t.Errorf("close the source: %v", err)
	}
}

// breaks turns a fault on.
func (c *trial) breaks(fault Fault, times int, length time.Duration) {
	c.t.Helper()
	if err := c.platform.Break(fault, times, length); err != nil {
		c.t.Fatalf("the stand-in has no fault %s: %v", fault, err)
	}
}

// ask puts the question's operation and then holds what the witness saw against the rule on personal data.
func (c *trial) ask(ctx context.Context, request exchange.SourceRequest) (value any, asOf time.Time, err error) {
	c.t.Helper()
	request.Now = c.clock.read()
	switch c.question.Operation {
	case exchange.LicenceQuery:
		value, asOf, err = split(c.source.Licences.Licence(ctx, request))
	case exchange.ViolationsQuery:
		value, asOf, err = split(c.source.Violations.Violations(ctx, request))
	case exchange.PictureQuery:
		value, asOf, err = split(c.source.Pictures.Picture(ctx, request))
	case IdentityMatch:
		value, err = c.source.Identities.Match(ctx, request)
	default:
		c.t.Errorf("adaptertest: no such operation %q", c.question.Operation)
	}
	c.witness.keptPrivate(c.t, request.Subject, err)
	return value, asOf, err
}

func split[T any](sighting exchange.Sighting[T], err error) (any, time.Time, error) {
	return sighting.Value, sighting.AsOf, err
}

// clock is turned by the case.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}
