package adaptertest

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// ExerciseReceiver runs the contract of receivers of changes. Goroutines left behind are the business of goleak in the caller's
// TestMain.
func ExerciseReceiver(t *testing.T, harness ReceiverHarness) {
	if harness.Notice.Version < 2 || len(harness.Notice.Events) == 0 || len(harness.Notice.Fields) < 2 || len(harness.Want) == 0 {
		t.Fatal("adaptertest: a notice of no version over 1, without events or with less than two fields proves little")
	}
	exerciseTelling(t, harness)
	exerciseDisclosure(t, harness)
	exerciseVersions(t, harness)
	exerciseTellingFaults(t, harness)
	exerciseStatuses(t, harness)
	exerciseTellingSecret(t, harness)
	exerciseHoldings(t, harness)
}

func exerciseTelling(t *testing.T, harness ReceiverHarness) {
	t.Run("told", func(t *testing.T) {
		t.Parallel()
		c := tell(t, harness, RightCredential)
		c.mustTell(harness.Notice)
		if got := c.told(); !maps.Equal(got.Fields, harness.Want) {
			t.Errorf("the platform shows %v, want %v", got.Fields, harness.Want)
		}
		if got := c.told(); got.Writings != 1 || !harness.Messages && got.Version != harness.Notice.Version {
			t.Errorf("the platform holds version %d after %d changes", got.Version, got.Writings)
		}
		c.witness.receives(t, harness.Purpose)
	})
	t.Run("wrong credential", func(t *testing.T) {
		t.Parallel()
		c := tell(t, harness, WrongCredential)
		c.mustFail(t.Context(), exchange.SourceRefused)
		c.holds("told with a wrong credential", 0, 0)
	})
	t.Run("caller leaves", func(t *testing.T) {
		t.Parallel()
		c := tell(t, harness, RightCredential)
		c.breaks(Delay, 0, forever)
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		c.witness.onArrival(leave)
		if err := c.mustFail(ctx, exchange.SourceTimeout); !errors.Is(err, context.Canceled) {
			t.Errorf("the error does not tell that the caller left: %v", err)
		}
	})
}

// exerciseDisclosure: what was not granted does not leave, whatever the notice's other members hold.
func exerciseDisclosure(t *testing.T, harness ReceiverHarness) {
	t.Run("only what was granted leaves", func(t *testing.T) {
		t.Parallel()
		c := tell(t, harness, RightCredential)
		c.mustTell(harness.Notice)
		c.witness.mu.Lock()
		defer c.witness.mu.Unlock()
		subject := harness.Notice.Subject
		for what, personal := range map[string]string{"name": subject.Name, "file number": subject.FileNumber} {
			if personal == "" || bytes.Contains(c.witness.received.Bytes(), []byte(personal)) {
				t.Errorf("the platform was told the %s, or the notice has none", what)
			}
		}
	})
	for i, field := range harness.Notice.Fields {
		t.Run("only "+string(field.Name)+" leaves", func(t *testing.T) {
			t.Parallel()
			if harness.Messages {
				t.Skip("a message has the fields of its template")
			}
			notice := harness.Notice
			notice.Fields = harness.Notice.Fields[i : i+1]
			c := tell(t, harness, RightCredential)
			c.mustTell(notice)
			if got := c.told(); len(got.Fields) != 1 || len(got.Masked) > 1 || (len(got.Masked) == 1) != field.Masked {
				t.Errorf("of one field the platform shows %v, masked %v", got.Fields, got.Masked)
			}
		})
	}
}
