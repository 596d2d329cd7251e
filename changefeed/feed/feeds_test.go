package feed

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func TestThinChangesNameNobodyAndShowNoField(t *testing.T) {
	t.Parallel()
	f := newFeeds(t, newMemory())
	apply(t, f, notice(1, 7))
	changes, _ := readAll(t, f, "zheliban", "", 10)
	got := changes[0]
	if got.Number != 1 || got.Licence != notice(1, 7).Licence || got.Version != 7 || len(got.Events) != 2 || got.Region != "310000" ||
		!got.Happened.Equal(now()) || got.Origin != "suishenban" || got.Via[0] != "gateway-a" {
		t.Errorf("change %+v", got)
	}
	text, err := json.Marshal(got)
	if err != nil || strings.Contains(string(text), "fields") || strings.Contains(string(text), "买买提") || strings.Contains(string(text), "2030") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestWhatIsSaidAgainHasNoTime(t *testing.T) {
	t.Parallel()
	f := newFeeds(t, newMemory())
	quiet := notice(1, 7)
	quiet.Events = nil
	apply(t, f, quiet)
	changes, _ := readAll(t, f, "zheliban", "", 10)
	if len(changes[0].Events) != 0 || !changes[0].Happened.IsZero() || changes[0].Version != 7 {
		t.Errorf("change %+v", changes[0])
	}
}

func TestFullChangesShowWhatPolicyLets(t *testing.T) {
	t.Parallel()
	f := newFeeds(t, newMemory(), Platform{"zheliban", Full})
	apply(t, f, notice(1, 7))
	changes, _ := readAll(t, f, "zheliban", "", 10)
	want := `{"status":[{"code":"B","nameZh":"超分","nameEn":"points limit reached","mayDrive":"no","businessBlocked":true}],` +
		`"cardNumber":"3************8","validUntil":"2030-01-02","points":12}`
	if string(changes[0].Fields) != want || len(changes[0].Masked) != 1 || changes[0].Masked[0] != "cardNumber" {
		t.Errorf("fields %s, masked %v", changes[0].Fields, changes[0].Masked)
	}
}

// What lies in the ledger shows nothing, and opens under its own key only.
func TestBatchesAreSealedUnderTheirKey(t *testing.T) {
	t.Parallel()
	ledger := newMemory()
	f := newFeeds(t, ledger, Platform{"zheliban", Full}, Platform{"wechat", Full})
	apply(t, f, notice(1, 1))
	apply(t, f, notice(1, 2))
	if sealed := string(ledger.entries["zheliban-1"]); strings.Contains(sealed, "licence") || strings.Contains(sealed, "points") {
		t.Errorf("stored as %q", sealed)
	}
	ledger.entries["wechat-1"] = ledger.entries["zheliban-1"]
	if _, err := f.Read(t.Context(), "wechat", "", 1); exchange.CodeOf(err) != exchange.Internal || !errors.Is(err, ErrUnreadable) {
		t.Errorf("a batch of another platform: %v", err)
	}
	ledger.entries["zheliban-1"] = ledger.entries["zheliban-2"]
	if _, err := f.Read(t.Context(), "zheliban", "", 1); !errors.Is(err, ErrUnreadable) {
		t.Errorf("a batch in another place: %v", err)
	}
}

func TestCursorsOfAnythingElseAreRefused(t *testing.T) {
	t.Parallel()
	ledger := newMemory()
	f := newFeeds(t, ledger, Platform{ID: "zheliban"}, Platform{ID: "wechat"})
	for version := range uint64(3) {
		apply(t, f, notice(1, version+1))
	}
	if err := f.Writer("wechat").Apply(t.Context(), notice(1, 1)); err != nil {
		t.Fatal(err)
	}
	_, end := readAll(t, f, "zheliban", "", 2)
	_, foreign := readAll(t, f, "wechat", "", 2)
	empty, err := newFeeds(t, newMemory(), Platform{ID: "wechat"}).Read(t.Context(), "wechat", "", 1)
	if err != nil || empty.First != 1 || empty.Last != 0 || empty.More() || len(empty.Changes) != 0 {
		t.Fatalf("an empty feed: %+v, %v", empty, err)
	}
	lost := newFeeds(t, newMemory()) // a feed that was begun anew
	for version := range uint64(3) {
		apply(t, lost, notice(1, version+1))
	}
	rows := map[string]struct {
		feeds *Feeds
		after string
	}{
		"of another platform":               {f, foreign},
		"of another platform's beginning":   {f, empty.Next},
		"ahead of the feed":                 {f, "9.9.00000000"},
		"misspelt":                          {f, strings.Replace(end, "3.3", "2.3", 1)},
		"misspelt tag":                      {f, end[:len(end)-1] + "g"},
		"of a feed that was lost":           {lost, end},
		"no cursor":                         {f, "latest"},
		"a number without a batch":          {f, "1.0.00000000"},
		"more numbers than the batches had": {f, "9000.3.00000000"},
	}
	for name, row := range rows {
		if _, err := row.feeds.Read(t.Context(), "zheliban", row.after, 1); !errors.Is(err, ErrCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.Read(t.Context(), "nobody", "", 1); !errors.Is(err, ErrNoFeed) {
		t.Errorf("a platform without a feed: %v", err)
	}
	if page, err := f.Read(t.Context(), "zheliban", end, 0); err != nil || page.First != 4 || page.Last != 3 || page.Next != end {
		t.Errorf("at the end: %+v, %v", page, err)
	}
}

func TestTroublesOfTheLedgerHaveTheirCodes(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		err  error
		code exchange.Code
	}{
		"silent":  {context.DeadlineExceeded, exchange.Overloaded},
		"closed":  {journal.ErrClosed, exchange.Overloaded},
		"damaged": {journal.ErrCorrupt, exchange.Internal},
	} {
		ledger := newMemory()
		ledger.broken = row.err
		f := newFeeds(t, ledger)
		if _, err := f.Read(t.Context(), "zheliban", "", 1); exchange.CodeOf(err) != row.code {
			t.Errorf("%s: read: %v", name, err)
		}
		if _, ours := errors.AsType[*exchange.Error](f.Writer("zheliban").Apply(t.Context(), notice(1, 1))); ours {
			t.Errorf("%s: the dispatcher would take it for the platform's word", name)
		}
	}
}

func TestFeedsNeedTheirPlatforms(t *testing.T) {
	t.Parallel()
	for name, platforms := range map[string][]Platform{
		"no id": {{}}, "a dot": {{ID: "a.b"}}, "a hyphen at the end": {{ID: "a-"}}, "too long": {{ID: strings.Repeat("a", 33)}},
		"twice": {{ID: "a"}, {ID: "a"}}, "another content": {{ID: "a", Content: "fat"}},
	} {
		if _, err := New(newMemory(), newSealer(t), platforms...); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	f := newFeeds(t, newMemory())
	if f.Writer("nobody") != nil || f.Has("nobody") || !f.Has("zheliban") {
		t.Error("who has a feed is told wrongly")
	}
}
