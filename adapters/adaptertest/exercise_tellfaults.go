package adaptertest

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func exerciseTellingFaults(t *testing.T, harness ReceiverHarness) {
	for _, each := range faultCases() {
		t.Run("fault "+string(each.fault), func(t *testing.T) {
			t.Parallel()
			if reason, lacks := harness.Lacks[each.fault]; lacks {
				t.Skipf("the platform cannot have this fault: %s", reason)
			}
			c := tell(t, harness, RightCredential)
			c.breaks(each.fault, 0, each.length)
			ctx := t.Context()
			if each.outlastsDeadline() {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, patience)
				defer cancel()
			}
			c.mustFail(ctx, each.want)
		})
	}
	for code, want := range harness.Outcomes {
		t.Run("the platform's own "+code, func(t *testing.T) {
			t.Parallel()
			c := tell(t, harness, RightCredential)
			c.prepare()
			if err := c.platform.Fail(code); err != nil {
				t.Fatal(err)
			}
			c.mustFail(t.Context(), want...)
			c.mustTell(harness.Notice) // the fault is over
		})
	}
	t.Run("connection refused", func(t *testing.T) {
		t.Parallel()
		c := tell(t, harness, RightCredential)
		c.server.Close()
		c.mustFail(t.Context(), exchange.SourceDown)
	})
}

// exerciseStatuses: whether a status means "later", "never" or "gone" is the same everywhere.
func exerciseStatuses(t *testing.T, harness ReceiverHarness) {
	for status, want := range map[int]exchange.Code{
		http.StatusGone: exchange.EndpointGone, http.StatusTooManyRequests: exchange.Overloaded,
		http.StatusRequestTimeout: exchange.Overloaded, http.StatusServiceUnavailable: exchange.SourceDown,
		http.StatusBadGateway: exchange.SourceDown, http.StatusForbidden: exchange.SourceRefused,
		http.StatusBadRequest: exchange.SourceRefused, http.StatusUnprocessableEntity: exchange.SourceRefused,
		http.StatusNotFound: exchange.SourceInvalid, http.StatusMovedPermanently: exchange.SourceInvalid,
		http.StatusAccepted: exchange.SourceInvalid, // and no receipt
	} {
		t.Run("status "+strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			c := tell(t, harness, RightCredential)
			c.prepare()
			c.witness.answerWith(status)
			c.mustFail(t.Context(), want)
		})
	}
}

// prepare gets the secret, if there is one, so that what follows is about the notice: it tells the version before.
func (c *telling) prepare() {
	c.t.Helper()
	if c.harness.Secret != nil {
		before := c.harness.Notice
		before.Version--
		c.mustTell(before)
	}
}

func exerciseTellingSecret(t *testing.T, harness ReceiverHarness) {
	renewals := map[string]func(*telling){
		"secret ends":         func(c *telling) { c.clock.advance(harness.Secret.Life + time.Second) },
		"secret is forgotten": func(c *telling) { c.breaks(ForgetSecrets, 1, 0) },
	}
	for name, renewal := range renewals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if harness.Secret == nil {
				t.Skip("the platform hands out no secret that ends")
			}
			c := tell(t, harness, RightCredential)
			c.tellByMany(1)
			renewal(c)
			before := c.platform.Calls()[harness.Secret.Refresh]
			c.tellByMany(callers)
			if refreshes := c.platform.Calls()[harness.Secret.Refresh] - before; refreshes != 1 {
				t.Errorf("%d callers at once led to %d refreshes, want 1", callers, refreshes)
			}
		})
	}
}

func (c *telling) tellByMany(many int) {
	var group sync.WaitGroup
	for range many {
		group.Go(func() {
			if err := c.tells(c.t.Context(), c.harness.Notice); err != nil {
				c.t.Errorf("one of %d callers got %v", many, err)
			}
		})
	}
	group.Wait()
}
