package changefeed

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestEachPlatformIsToldWhatItMaySee(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	all, points, none := r.add("zheliban"), r.add("wechat", "points"), r.add("suihaoban", "phone")
	delete(r.grants, "suihaoban")
	own := r.add("suishenban")
	r.start(t, nil)
	report(t, r.intake, reported(t, "police", 1, 1, exchange.Facts{Status: "BD", Points: new(12)}))
	r.drained(t, "zheliban", "wechat", "suihaoban", "suishenban") // so that nothing is overtaken
	report(t, r.intake, reported(t, "suishenban", 1, 2, exchange.Facts{CardNumber: "310000000001", Replacements: new(1)}))
	report(t, r.intake, reported(t, "suishenban", 1, 3, zt("DB"))) // keeps a word, makes no version
	r.drained(t, "zheliban", "wechat", "suihaoban", "suishenban")

	if last := all.has(1); last.Version != 2 || last.Subject != citizen(t) || last.Region != "310000" || last.Origin != "suishenban" ||
		!slices.Equal(last.Via, []string{"gateway-a"}) || last.Purpose.Code != "licence-sync" || len(last.Fields) != 5 {
		t.Errorf("zheliban has %+v", last)
	}
	if last := points.has(1); last.Version == 0 || !slices.Equal(last.Events, []exchange.Event{{Kind: exchange.PointsChanged}}) ||
		len(last.Fields) != 1 || last.Fields[0].Name != "points" {
		t.Errorf("wechat has %+v", last)
	}
	if none.called() != 0 || r.count("suihaoban", OutcomeInvisible) != 2 {
		t.Errorf("suihaoban was told %d times; seen %v", none.called(), r.seen)
	}
	if own.has(1).Origin != "police" || r.count("suishenban", OutcomeEcho) != 1 {
		t.Errorf("suishenban has %+v; seen %v", own.has(1), r.seen)
	}
	if r.count("zheliban", OutcomeNothing) != 1 {
		t.Errorf("seen %v", r.seen)
	}
	if status := r.statusOf(t, "zheliban"); status.Parked != 0 || status.Health.Off || status.Health.LastSuccess.IsZero() || status.Lag != 0 {
		t.Errorf("status %+v", status)
	}
}

// TestDeliveryIsRecorded reads the evidence: which platform was told which fields, which were kept from it, by which rule.
func TestDeliveryIsRecorded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.add("wechat", "points")
	r.start(t, nil)
	change := reported(t, "police", 1, 1, exchange.Facts{Status: "BD", Points: new(12)})
	report(t, r.intake, change)
	r.drained(t, "wechat")
	var got exchange.Record
	for _, record := range r.records.all() {
		if record.Operation == exchange.ChangeDelivery {
			got = record
		}
	}
	if got.Platform != "wechat" || got.Outcome != OutcomeDelivered || got.Subject != licenceKey(1) || got.Revision != "rev-1" || got.Source != "police" ||
		got.Purpose.Code != "licence-sync" || !got.AsOf.Equal(change.Happened) || !slices.Equal(got.Rules, []string{"test"}) {
		t.Errorf("record %+v", got)
	}
	if !slices.Equal(got.Disclosed, []exchange.Field{"points"}) || len(got.Withheld) != 2 || got.Withheld[0] != (exchange.WithheldCode{Field: "status", Code: "not_granted"}) {
		t.Errorf("record %+v", got)
	}
	if strings.Contains(fmt.Sprintf("%+v", got), "19491231") {
		t.Error("the record shows the ID number")
	}
}

// TestPlatformThatIsDownHoldsUpNobodyElse and that comes back by itself.
func TestPlatformThatIsDownHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	up, down := r.add("zheliban"), r.add("wechat")
	failures := []exchange.Code{exchange.SourceDown, exchange.SourceTimeout, exchange.Overloaded, exchange.TransferInterrupted, exchange.SourceInvalid}
	down.sees(func(_ exchange.Notice, call int) (bool, error) {
		return false, &exchange.Error{Code: failures[call%len(failures)], RetryAfter: time.Hour}
	})
	r.start(t, nil)
	for n := range 40 {
		report(t, r.intake, reported(t, "police", n, 1, zt("B")))
	}
	r.drained(t, "zheliban")
	if up.licences() != 40 {
		t.Errorf("zheliban has %d licences", up.licences())
	}
	if status := r.statusOf(t, "wechat"); status.Entries != 40 || status.Oldest.IsZero() || status.Parked != 0 || down.licences() != 0 {
		t.Errorf("status %+v", status)
	}
	down.sees(nil)
	r.drained(t, "wechat")
	if down.licences() != 40 {
		t.Errorf("wechat has %d licences", down.licences())
	}
}

func TestNewestOvertakes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	newest, every := r.add("zheliban"), r.add("wechat")
	for i, letters := range []exchange.StatusSet{"A", "B", "BD", "D", "J"} {
		report(t, r.intake, reported(t, "police", 1, i, zt(letters)))
	}
	r.start(t, func(c *Config) {
		for i := range c.Endpoints {
			c.Endpoints[i].EveryVersion = c.Endpoints[i].Platform == "wechat"
		}
	})
	r.drained(t, "zheliban", "wechat")
	if got := newest.versions(1); !slices.Equal(got, []uint64{5}) || r.count("zheliban", OutcomeOvertaken) != 4 || newest.called() != 1 {
		t.Errorf("newest: versions %v, seen %v", got, r.seen)
	}
	if got := newest.has(1).Events; !slices.Equal(got, []exchange.Event{{Kind: exchange.StatusAdded, Letter: "A"}, {Kind: exchange.StatusAdded, Letter: "J"}, {Kind: exchange.StatusRemoved, Letter: "A"}}) {
		t.Errorf("events %v", got)
	}
	if got := every.versions(1); !slices.Equal(got, []uint64{1, 2, 3, 4, 5}) {
		t.Errorf("every: versions %v", got)
	}
	report(t, r.intake, reported(t, "police", 1, 9, zt("K")))
	r.drained(t, "zheliban", "wechat")
	if newest.has(1).Version != 6 || r.ahead("zheliban", 1) != 0 {
		t.Error("the note of what was told ahead is not used up")
	}
}

// TestOvertakenByItsOwnWord: the newest version came from the platform itself, but it lacks the one before.
func TestOvertakenByItsOwnWord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	own := r.add("suishenban")
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	report(t, r.intake, reported(t, "suishenban", 1, 2, exchange.Facts{Replacements: new(1)}))
	r.start(t, nil)
	r.drained(t, "suishenban")
	got := own.has(1)
	if got.Version != 2 || got.Origin != "police" || r.ahead("suishenban", 1) != 0 {
		t.Errorf("suishenban has %+v", got)
	}
}
