package reconcile

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/feedtest"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a change feed with a reconciler of it.
type rig struct {
	*feedtest.Rig
	*Reconciler
}

func newRig(t testing.TB, people []exchange.Subject, receivers ...*exchange.Receiver) *rig {
	t.Helper()
	r := &rig{Rig: feedtest.New(t, people, receivers...)}
	holders := map[string]Holder{}
	for _, receiver := range receivers {
		holders[receiver.ID] = Holder{receiver.Holdings, feedtest.Purpose()}
	}
	r.Reconciler = New(Config{Book: r.Book, Ledger: r.Ledger, Feed: r.Dispatcher, Holders: listed(holders), Clock: time.Now})
	return r
}

func listed(holders map[string]Holder) func(string) (Holder, bool) {
	return func(platform string) (Holder, bool) {
		holder, can := holders[platform]
		return holder, can
	}
}

func (r *rig) compare(t testing.TB, platform string) *Report {
	t.Helper()
	report, err := r.Compare(feedtest.Context(t), platform, "op-1", nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// repair tells the platform again what a report says that it lacks.
func (r *rig) repair(t testing.TB, report *Report) changefeed.Progress {
	t.Helper()
	licences, total := report.Repairable()
	progress, err := r.Retell(feedtest.Context(t), changefeed.RetellOrder{
		Platform: report.Platform, Licences: licences, Total: total, By: changefeed.Action{Operator: "op-1", Reason: "test"}, PerSecond: 1e6,
	})
	if err != nil {
		t.Fatal(err)
	}
	return progress
}
