package adaptertest

import (
	"slices"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func exerciseVersions(t *testing.T, harness ReceiverHarness) {
	older, other := harness.Notice, harness.Notice
	older.Version--
	other.Fields = slices.Clone(harness.Notice.Fields[1:])
	cases := map[string]struct {
		then     exchange.Notice
		writings int
	}{
		"the same again changes nothing":         {harness.Notice, 1},
		"an older one after it changes nothing":  {older, 1},
		"the same version shaped anew is taken":  {other, 2}, // policy changed, or the copy went wrong
		"a newer one is taken":                   {newer(harness.Notice), 2},
		"a newer one that left versions out too": {newer(newer(harness.Notice)), 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			skipForMessages(t, harness)
			b := tell(t, harness, RightCredential)
			b.mustTell(harness.Notice)
			b.mustTell(c.then)
			b.holds(name, max(c.then.Version, harness.Notice.Version), c.writings)
		})
	}
	t.Run("taken, but the receipt was cut off", func(t *testing.T) {
		t.Parallel()
		skipForMessages(t, harness)
		c := tell(t, harness, RightCredential)
		c.prepare()
		once := c.told().Writings + 1
		c.breaks(Cut, 3, 0)
		for attempts := 0; c.tells(t.Context(), harness.Notice) != nil && attempts < 3; attempts++ {
			c.holds("before the receipt arrived", harness.Notice.Version, once)
		}
		c.mustTell(harness.Notice)
		c.holds("after the receipt", harness.Notice.Version, once)
	})
}

func newer(notice exchange.Notice) exchange.Notice {
	notice.Version++
	return notice
}

func skipForMessages(t *testing.T, harness ReceiverHarness) {
	t.Helper()
	if harness.Messages {
		t.Skip("the platform takes messages, which have no versions")
	}
}

// exerciseHoldings compares what the platform says it holds with what it should.
func exerciseHoldings(t *testing.T, harness ReceiverHarness) {
	t.Run("holdings", func(t *testing.T) {
		t.Parallel()
		c := tell(t, harness, RightCredential)
		if c.receiver.Holdings == nil {
			t.Skip("the platform can't say what it holds")
		}
		c.mustTell(harness.Notice)
		want, err := c.receiver.Holdings.Expected(harness.Notice)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.receiver.Holdings.Held(t.Context(), harness.Notice.Purpose, "")
		if err != nil || !slices.Equal(got, []exchange.Holding{want}) {
			t.Errorf("the platform holds %+v, error %v, want %+v", got, err, want)
		}
		if rest, err := c.receiver.Holdings.Held(t.Context(), harness.Notice.Purpose, harness.Notice.Licence); err != nil || len(rest) > 0 {
			t.Errorf("after the last one: %+v, error %v", rest, err)
		}
		changed := harness.Notice
		changed.Fields = changed.Fields[1:]
		if other, err := c.receiver.Holdings.Expected(changed); err != nil || other.Digest == want.Digest {
			t.Errorf("with a field less the digest stays %s, error %v", other.Digest, err)
		}
	})
}
