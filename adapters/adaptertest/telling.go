package adaptertest

import (
	"context"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// telling is one case of a receiver: a platform of its own, a receiver that tells it, and a witness between them.
type telling struct {
	t        *testing.T
	harness  ReceiverHarness
	clock    *clock
	platform ReceiverPlatform
	server   *httptest.Server
	receiver *exchange.Receiver
	witness  *witness
}

func tell(t *testing.T, harness ReceiverHarness, credential Credential) *telling {
	t.Helper()
	c := &telling{t: t, harness: harness, clock: &clock{now: harness.Now}}
	c.platform = harness.Start(t, c.clock.read)
	c.witness = &witness{next: c.platform.Handler}
	c.server = httptest.NewServer(c.witness)
	t.Cleanup(c.server.Close)
	receiver, err := harness.Open(c.server.URL, credential, outbound.Deps{Clock: c.clock.read, Logger: c.witness.logger()})
	if err != nil {
		t.Fatal(err)
	}
	c.receiver = receiver
	t.Cleanup(c.close)
	return c
}

func (c *telling) close() {
	if c.receiver.Close == nil {
		return
	}
	if err := c.receiver.Close(); err != nil {
		c.t.Errorf("close the receiver: %v", err)
	}
}

func (c *telling) breaks(fault Fault, times int, length time.Duration) {
	c.t.Helper()
	if err := c.platform.Break(fault, times, length); err != nil {
		c.t.Fatalf("the stand-in has no fault %s: %v", fault, err)
	}
}

// tells sends the notice and then holds what the witness saw against the rule on personal data.
func (c *telling) tells(ctx context.Context, notice exchange.Notice) error {
	c.t.Helper()
	err := c.receiver.Changes.Apply(ctx, notice)
	c.witness.keptPrivate(c.t, notice.Subject, err)
	return err
}

func (c *telling) mustTell(notice exchange.Notice) {
	c.t.Helper()
	if err := c.tells(c.t.Context(), notice); err != nil {
		c.t.Fatal(err)
	}
}

func (c *telling) mustFail(ctx context.Context, want ...exchange.Code) error {
	c.t.Helper()
	err := c.tells(ctx, c.harness.Notice)
	if !slices.Contains(want, exchange.CodeOf(err)) {
		c.t.Errorf("got %v, want one of %q", err, want)
	}
	return err
}

// told gives what the platform holds of the notice's subject.
func (c *telling) told() Told { return c.platform.Told(c.harness.Notice.Subject.IDNumber.Reveal()) }

// holds wants this version, after so many changes of the copy.
func (c *telling) holds(when string, version uint64, writings int) {
	c.t.Helper()
	if got := c.told(); got.Version != version || got.Writings != writings {
		c.t.Errorf("%s: version %d after %d changes, want %d after %d", when, got.Version, got.Writings, version, writings)
	}
}
