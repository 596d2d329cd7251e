package adaptertest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Exercise runs the contract. Goroutines that a source leaves behind are the business of goleak in the caller's TestMain.
func Exercise(t *testing.T, harness Harness) {
	if len(harness.Questions) == 0 {
		t.Fatal("adaptertest: a harness without questions proves nothing")
	}
	for _, question := range harness.Questions {
		t.Run(string(question.Operation), func(t *testing.T) {
			t.Parallel()
			exerciseAnswers(t, harness, question)
			exerciseFaults(t, harness, question)
			exerciseCaller(t, harness, question)
			exerciseSecret(t, harness, question)
		})
	}
}

func exerciseAnswers(t *testing.T, harness Harness, question Question) {
	t.Run("answer equals the data set", func(t *testing.T) {
		t.Parallel()
		c := begin(t, harness, RightCredential, question)
		got, asOf, err := c.ask(t.Context(), question.Request)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, question.Want) {
			t.Errorf("got  %+v\nwant %+v", got, question.Want)
		}
		if question.Operation != IdentityMatch && !asOf.Equal(question.AsOf) {
			t.Errorf("true as of %v, want %v", asOf, question.AsOf)
		}
		c.witness.receives(t, harness.Purpose)
	})
	for _, refusal := range question.Refusals {
		t.Run(refusal.Name, func(t *testing.T) {
			t.Parallel()
			c := begin(t, harness, RightCredential, question)
			c.mustFail(t.Context(), refusal.Request, refusal.Want)
		})
	}
	t.Run("wrong credential", func(t *testing.T) {
		t.Parallel()
		c := begin(t, harness, WrongCredential, question)
		c.mustFail(t.Context(), question.Request, exchange.SourceRefused)
	})
}

// patience is long enough for a local call and short enough for a test; nothing is asserted about it.
const patience = 100 * time.Millisecond

func exerciseFaults(t *testing.T, harness Harness, question Question) {
	for _, each := range faultCases() {
		t.Run("fault "+string(each.fault), func(t *testing.T) {
			t.Parallel()
			if reason, lacks := harness.Lacks[each.fault]; lacks {
				t.Skipf("the platform cannot have this fault: %s", reason)
			}
			c := begin(t, harness, RightCredential, question)
			c.breaks(each.fault, 0, each.length)
			ctx := t.Context()
			if each.outlastsDeadline() {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, patience)
				defer cancel()
			}
			c.mustFail(ctx, question.Request, question.wanted(each)...)
		})
	}
	t.Run("connection refused", func(t *testing.T) {
		t.Parallel()
		c := begin(t, harness, RightCredential, question)
		c.server.Close()
		c.mustFail(t.Context(), question.Request, exchange.SourceDown)
	})
}

func exerciseCaller(t *testing.T, harness Harness, question Question) {
	t.Run("caller leaves", func(t *testing.T) {
		t.Parallel()
		c := begin(t, harness, RightCredential, question)
		c.breaks(Delay, 0, forever)
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		c.witness.onArrival(leave)
		if err := c.mustFail(ctx, question.Request, exchange.SourceTimeout); !errors.Is(err, context.Canceled) {
			t.Errorf("the error does not tell that the caller left: %v", err)
		}
	})
	t.Run("caller has left before", func(t *testing.T) {
		t.Parallel()
		c := begin(t, harness, RightCredential, question)
		ctx, leave := context.WithCancel(t.Context())
		leave()
		c.mustFail(ctx, question.Request, exchange.SourceTimeout)
	})
}

// mustFail asks and wants one of the codes.
func (c *trial) mustFail(ctx context.Context, request exchange.SourceRequest, want ...exchange.Code) error {
	c.t.Helper()
	got, _, err := c.ask(ctx, request)
	if err == nil {
		c.t.Fatalf("got an answer where one of %q was wanted: %+v", want, got)
	}
	if !slices.Contains(want, exchange.CodeOf(err)) {
		c.t.Errorf("got %v, want one of %q", err, want)
	}
	return err
}
