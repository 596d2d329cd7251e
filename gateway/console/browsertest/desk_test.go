package browsertest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed/feedtest"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// desk is a real one: a change feed on a journal, with the platforms wechat and zheliban.
type desk struct {
	*repair.Desk
	rig    *feedtest.Rig
	wechat *feedtest.Platform
	next   int // licence to park
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	wechat, first := feedtest.NewPlatform("wechat")
	_, second := feedtest.NewPlatform("zheliban")
	rig := feedtest.New(t, nil, first, second)
	d := &desk{rig: rig, wechat: wechat, Desk: repair.NewDesk(repair.Config{
		Dispatcher: rig.Dispatcher, Parking: rig.Parking, Recorder: rig.Records, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
		Reconciler: reconcile.New(reconcile.Config{
			Book: rig.Book, Ledger: rig.Ledger, Feed: rig.Dispatcher, Clock: time.Now,
			Holders: func(platform string) (reconcile.Holder, bool) {
				return reconcile.Holder{Holdings: first.Holdings, Purpose: feedtest.Purpose()}, platform == "wechat"
			},
		}),
	})}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Desk.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return d
}

func refuse(exchange.Notice) error { return &exchange.Error{Code: exchange.SourceRefused} }

func unknown(exchange.Notice) error { return &exchange.Error{Code: exchange.NoRecord} }

// park has n further licences refused by wechat.
func (d *desk) park(t testing.TB, n int, how func(exchange.Notice) error) {
	t.Helper()
	d.wechat.React(how)
	for range n {
		d.rig.Report(t, "police", d.next, 1, exchange.Facts{Status: "B"})
		d.next++
	}
	d.rig.Drained(t, "wechat")
	d.wechat.React(nil)
}
