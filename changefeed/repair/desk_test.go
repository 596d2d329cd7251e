package repair

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/feedtest"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a desk over a change feed with one platform, wechat, and another that can't say what it holds.
type rig struct {
	*feedtest.Rig
	desk   *Desk
	wechat *feedtest.Platform
	end    func() // of the desk
}

func newRig(t *testing.T) *rig {
	t.Helper()
	wechat, first := feedtest.NewPlatform("wechat")
	_, second := feedtest.NewPlatform("zheliban")
	r := &rig{Rig: feedtest.New(t, nil, first, second), wechat: wechat}
	r.desk = NewDesk(Config{
		Dispatcher: r.Dispatcher, Parking: r.Parking, Recorder: r.Records, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
		Reconciler: reconcile.New(reconcile.Config{
			Book: r.Book, Ledger: r.Ledger, Feed: r.Dispatcher, Clock: time.Now,
			Holders: func(platform string) (reconcile.Holder, bool) {
				return reconcile.Holder{Holdings: first.Holdings, Purpose: feedtest.Purpose()}, platform == "wechat"
			},
		}),
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.desk.Run(ctx) }()
	ended := false
	r.end = func() {
		cancel()
		if !ended {
			<-done
		}
		ended = true
	}
	t.Cleanup(r.end)
	return r
}

func refuse(exchange.Notice) error { return &exchange.Error{Code: exchange.SourceRefused} }

// parked has licences 0 to n-1 refused by wechat.
func (r *rig) parked(t *testing.T, n int) {
	t.Helper()
	r.wechat.React(refuse)
	for i := range n {
		r.Report(t, "police", i, 1, exchange.Facts{Status: "B"})
	}
	r.Drained(t, "wechat")
	r.wechat.React(nil)
}

func order(id string) Order {
	return Order{ID: id, By: changefeed.Action{Operator: "li", Reason: "field widened"}, Caller: exchange.Caller{
		KeyID: "li-1", SignedBytes: []byte("base"), Signature: []byte("signature"), Body: []byte("{}"),
	}}
}

func (r *rig) preview(t *testing.T) changefeed.Preview {
	t.Helper()
	p, err := r.desk.Preview(feedtest.Context(t), changefeed.Selection{Platform: "wechat"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ended waits for the end of a job. It looks every few milliseconds, as an operator does.
func (r *rig) ended(t *testing.T, job Job, err error) Job {
	t.Helper()
	ctx, look := feedtest.Context(t), time.NewTicker(5*time.Millisecond)
	defer look.Stop()
	for err == nil && job.State == Running {
		select {
		case <-look.C:
			job, err = r.desk.Job(job.ID)
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func TestReplayRunsAndIsRecordedBefore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.parked(t, 6)
	token := r.preview(t).Token
	told := make(chan int, 6)
	r.wechat.React(func(exchange.Notice) error { told <- len(r.Records.Of(OrderReplay)); return nil })
	job, err := r.desk.Replay(feedtest.Context(t), order("job-1"), token, 1e6)
	job = r.ended(t, job, err)
	if job.ID != "job-1" || job.State != Done || job.Progress != (changefeed.Progress{Total: 6, Done: 6, Delivered: 6}) || job.Ended.IsZero() || job.By.Operator != "li" {
		t.Errorf("%+v", job)
	}
	for range 6 {
		if records := <-told; records != 1 {
			t.Fatalf("%d records of the order when it had its effect", records)
		}
	}
	record := r.Records.Of(OrderReplay)[0]
	if record.ID != "job-1" || record.Outcome != Ordered || record.Purpose.Operator != "li" || record.Purpose.MatterName != "field widened" ||
		record.KeyID != "li-1" || string(record.SignedBytes) != "base" || string(record.Signature) != "signature" || string(record.Body) != "{}" {
		t.Errorf("recorded %+v", record)
	}
	if first, total, err := r.desk.Parked(feedtest.Context(t), changefeed.Selection{}, 10); err != nil || total+len(first) != 0 {
		t.Errorf("left %d, %v", total, err)
	}
}

func TestOneReplayPerToken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.parked(t, 3)
	token := r.preview(t).Token
	entered, release := make(chan struct{}, 3), make(chan struct{})
	r.wechat.React(func(exchange.Notice) error { entered <- struct{}{}; <-release; return nil })
	job, err := r.desk.Replay(feedtest.Context(t), order("job-1"), token, 1e6)
	if err != nil {
		t.Fatal(err)
	}
	<-entered
	if again, err := r.desk.Replay(feedtest.Context(t), order("job-2"), token, 1e6); err != nil || again.ID != "job-1" || again.State != Running {
		t.Errorf("a second replay: %+v, %v", again, err)
	}
	if _, err := r.desk.Skip(feedtest.Context(t), order("job-3"), token); exchange.CodeOf(err) != exchange.Overloaded {
		t.Errorf("a skip beside it: %v", err)
	}
	if got := len(r.Records.Of(OrderReplay)) + len(r.Records.Of(OrderSkip)); got != 1 {
		t.Errorf("%d orders recorded", got)
	}
	close(release)
	if job = r.ended(t, job, err); job.Progress.Delivered != 3 {
		t.Errorf("%+v", job)
	}
	if jobs := r.desk.Jobs(); len(jobs) != 1 {
		t.Errorf("jobs %+v", jobs)
	}
}

func TestPauseAndGoOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.parked(t, 50)
	token := r.preview(t).Token
	r.wechat.React(refuse)
	job, err := r.desk.Replay(feedtest.Context(t), order("job-1"), token, 1e6)
	if job = r.ended(t, job, err); job.State != Paused || job.Progress.Failed != 2 || job.Progress.Done != 2 || !job.Progress.Paused {
		t.Fatalf("%+v", job)
	}
	r.wechat.React(nil)
	job, err = r.desk.Replay(feedtest.Context(t), order("job-2"), token, 1e6)
	if job = r.ended(t, job, err); job.ID != "job-2" || job.State != Done || job.Progress.Delivered != 48 {
		t.Errorf("%+v", job)
	}
	skip, err := r.desk.Skip(feedtest.Context(t), order("job-3"), r.preview(t).Token)
	if skip = r.ended(t, skip, err); skip.Progress.Skipped != 2 || len(r.Records.Of(OrderSkip)) != 1 {
		t.Errorf("%+v", skip)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.parked(t, 3)
	entered := make(chan struct{}, 3)
	r.wechat.React(func(exchange.Notice) error { entered <- struct{}{}; return nil })
	job, err := r.desk.Replay(feedtest.Context(t), order("job-1"), r.preview(t).Token, 1e-3)
	if err != nil {
		t.Fatal(err)
	}
	<-entered
	if _, err := r.desk.Stop(feedtest.Context(t), order("stop-1"), job.ID); err != nil {
		t.Fatal(err)
	}
	if job = r.ended(t, job, err); job.State != Stopped || len(r.Records.Of(OrderStop)) != 1 {
		t.Errorf("%+v", job)
	}
	if again, err := r.desk.Stop(feedtest.Context(t), order("stop-2"), job.ID); err != nil || again.State != Stopped || len(r.Records.Of(OrderStop)) != 1 {
		t.Errorf("a second stop: %+v, %v", again, err)
	}
	if _, err := r.desk.Stop(feedtest.Context(t), order("stop-3"), "nobody"); exchange.CodeOf(err) != exchange.NotFound {
		t.Errorf("stop of nothing: %v", err)
	}
}

// The end of the gateway ends its jobs, and no other begins.
func TestEndOfTheDesk(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.parked(t, 3)
	token := r.preview(t).Token
	entered := make(chan struct{}, 3)
	r.wechat.React(func(exchange.Notice) error { entered <- struct{}{}; return nil })
	if _, err := r.desk.Replay(feedtest.Context(t), order("job-1"), token, 1e-3); err != nil {
		t.Fatal(err)
	}
	<-entered
	r.end()
	if job, err := r.desk.Job("job-1"); err != nil || job.State != Stopped {
		t.Errorf("%+v, %v", job, err)
	}
	if _, err := r.desk.Replay(feedtest.Context(t), order("job-2"), token, 1); exchange.CodeOf(err) != exchange.Overloaded {
		t.Errorf("after the end: %v", err)
	}
}

func TestCompareAndRepair(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for n := range 4 {
		r.Report(t, "police", n, 1, exchange.Facts{Status: "B"})
	}
	r.Drained(t, "wechat")
	r.wechat.Spoil(func(held map[string]exchange.Holding) { delete(held, feedtest.Licence(2)) })
	compare := func(id string) Job {
		job, err := r.desk.Compare(feedtest.Context(t), order(id), "wechat")
		return r.ended(t, job, err)
	}
	job := compare("compare-1")
	if job.State != Done || job.Report.Diverged() != 1 || job.Comparison.Compared != 4 || r.desk.Report("wechat") != job.Report {
		t.Fatalf("%+v", job)
	}
	mend, err := r.desk.Repair(feedtest.Context(t), order("repair-1"), "compare-1", 1e6)
	if mend = r.ended(t, mend, err); mend.State != Done || mend.Platform != "wechat" || mend.Progress.Delivered != 1 {
		t.Errorf("%+v", mend)
	}
	if job := compare("compare-2"); job.Report.Diverged() != 0 || r.desk.Report("wechat").Diverged() != 0 {
		t.Errorf("mended: %+v", job)
	}
	if got := []int{len(r.Records.Of(OrderCompare)), len(r.Records.Of(OrderRepair))}; !slices.Equal(got, []int{2, 1}) {
		t.Errorf("orders recorded: %v", got)
	}
	for name, c := range map[string]struct {
		platform string
		want     exchange.Code
	}{"unknown": {"nobody", exchange.NotFound}, "can't say": {"zheliban", exchange.OperationNotOffered}} {
		if _, err := r.desk.Compare(feedtest.Context(t), order("compare-3"), c.platform); exchange.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.desk.Repair(feedtest.Context(t), order("repair-2"), "repair-1", 1); exchange.CodeOf(err) != exchange.NotFound {
		t.Errorf("repair of no comparison: %v", err)
	}
}

func TestSwitch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, on := range []bool{false, true} {
		if err := r.desk.Switch(feedtest.Context(t), order("switch"), "wechat", on); err != nil {
			t.Fatal(err)
		}
		all, err := r.desk.Status(feedtest.Context(t))
		if err != nil || all[0].Health.Off == on || all[0].Health.Operator != "li" {
			t.Errorf("on %v: %+v, %v", on, all, err)
		}
	}
	if len(r.Records.Of(OrderDisable)) != 1 || len(r.Records.Of(OrderEnable)) != 1 {
		t.Error("not recorded")
	}
	if err := r.desk.Switch(feedtest.Context(t), order("switch"), "nobody", true); exchange.CodeOf(err) != exchange.NotFound || len(r.Records.Of(OrderEnable)) != 1 {
		t.Errorf("nobody: %v", err)
	}
}

// Without a record nothing happens, and neither without a reason.
func TestNothingHappensUnrecorded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.parked(t, 2)
	token := r.preview(t).Token
	try := func(o Order, want exchange.Code) {
		t.Helper()
		_, replay := r.desk.Replay(feedtest.Context(t), o, token, 1e6)
		_, skip := r.desk.Skip(feedtest.Context(t), o, token)
		_, compare := r.desk.Compare(feedtest.Context(t), o, "wechat")
		off := r.desk.Switch(feedtest.Context(t), o, "wechat", false)
		for name, err := range map[string]error{"replay": replay, "skip": skip, "compare": compare, "switch": off} {
			if exchange.CodeOf(err) != want {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
		}
	}
	silent := order("job-1")
	silent.By.Reason = ""
	try(silent, exchange.InvalidRequest)
	r.Records.Fail(errors.New("disk full"))
	try(order("job-2"), exchange.RecordNotDurable)
	r.Records.Fail(nil)
	status, err := r.desk.Status(feedtest.Context(t))
	if err != nil || status[0].Parked != 2 || status[0].Health.Off || len(r.desk.Jobs()) != 0 {
		t.Errorf("%+v, %v, jobs %v", status, err, r.desk.Jobs())
	}
	if _, err := r.desk.Replay(feedtest.Context(t), order("job-3"), "?", 1); exchange.CodeOf(err) != exchange.InvalidRequest {
		t.Errorf("no token: %v", err)
	}
}

func TestParkedAreListedInOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.parked(t, 7)
	first, total, err := r.desk.Parked(feedtest.Context(t), changefeed.Selection{}, 3)
	all, _, _ := r.desk.Parked(feedtest.Context(t), changefeed.Selection{}, 100)
	if err != nil || total != 7 || len(first) != 3 || len(all) != 7 || !slices.IsSortedFunc(all, func(a, b changefeed.Parked) int { return a.Since.Compare(b.Since) }) ||
		first[0].Licence != all[0].Licence || first[2].Licence != all[2].Licence {
		t.Errorf("%d of %d, %v: %+v", len(first), total, err, first)
	}
}

func TestOnlySoManyJobsAreKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for n := range mostKept + 5 {
		job, err := r.desk.Skip(feedtest.Context(t), order(feedtest.Licence(n)), r.preview(t).Token)
		r.ended(t, job, err)
	}
	if jobs := r.desk.Jobs(); len(jobs) != mostKept || jobs[0].ID != feedtest.Licence(mostKept+4) {
		t.Errorf("%d jobs", len(jobs))
	}
}
