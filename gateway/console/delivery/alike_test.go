package delivery

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
)

// An order that the desk answers with somebody else's job has not begun, and its giver is told so. A proposal waits on.
func TestSecondOfTwoAlike(t *testing.T) {
	t.Parallel()
	r := newRig(t, 10)
	r.desk.run(&repair.Job{ID: "of-zhao", State: repair.Running})
	r.desk.runs.By.Operator = "zhao"
	li := &person{t: t, rig: r, name: "li"}
	form := li.form("/changes/freeze", "why")
	for _, path := range []string{"/changes/replay", "/changes/skip", "/changes/platforms/wechat/compare"} {
		if status, to, text := li.send("POST", path, form); status != 409 || !strings.Contains(text, "zhao") {
			t.Errorf("%s: %d %s %s", path, status, to, text)
		}
	}
	r.desk.mu.Lock()
	r.desk.meant = 1001
	r.desk.mu.Unlock()
	_, wang, at := proposed(t, r)
	confirm := wang.form(at, "seen")
	if status, to, _ := wang.send("POST", at+"/confirm", confirm); status != 409 {
		t.Errorf("confirmed: %d %s", status, to)
	}
	r.desk.run(nil)
	if status, _, _ := wang.send("POST", at+"/confirm", confirm); status != 303 || len(r.desk.orders) != 1 {
		t.Errorf("after it: %d, %d orders", status, len(r.desk.orders))
	}
}

func TestStopSaysWhatItStopped(t *testing.T) {
	t.Parallel()
	for state, want := range map[repair.State]string{repair.Running: "已要求停止", repair.Done: "此前已经结束"} {
		r := newRig(t, 10)
		r.desk.run(&repair.Job{ID: "j", State: state})
		li := &person{t: t, rig: r, name: "li"}
		if status, to, text := li.send("POST", "/changes/jobs/j/stop", li.form("/changes/freeze", "why")); status != 303 || to != "/changes/jobs/j" {
			t.Fatalf("%s: %d %s %s", state, status, to, text)
		}
		if _, _, text := li.send("GET", "/changes/jobs/j", nil); !strings.Contains(text, want) {
			t.Errorf("%s: the page lacks %s", state, want)
		}
	}
}

// Who confirms sees what: the selection, the first deliveries and how fast.
func TestSecondPersonSeesWhatItIs(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1001)
	li, wang := &person{t: t, rig: r, name: "li"}, &person{t: t, rig: r, name: "wang"}
	form := li.form("/changes/freeze", "why")
	form.Set("perSecond", "37")
	_, at, _ := li.send("POST", "/changes/replay", form)
	_, _, text := wang.send("GET", at, nil)
	for _, want := range []string{"no-record", "first-of-them", ">37<"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// For a repair it is the comparison that it goes by.
func TestSecondPersonSeesTheComparison(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1001)
	report := &reconcile.Report{Platform: "wechat", Findings: map[reconcile.Kind]reconcile.Finding{reconcile.Missing: {Count: 4321}}}
	r.desk.run(&repair.Job{ID: "found", Kind: repair.Compare, Report: report})
	one := proposal{wanted: wanted{Kind: repair.Mend, Comparison: "found", Count: 4321}, Order: repair.Order{ID: "asked"}, Expires: r.now.Add(expiry)}
	if !r.page.proposals.add(one) {
		t.Fatal("no place")
	}
	wang := &person{t: t, rig: r, name: "wang"}
	if status, _, text := wang.send("GET", "/changes/proposals/asked", nil); status != 200 || strings.Count(text, "4321") != 2 || !strings.Contains(text, "/changes/jobs/found") {
		t.Errorf("%d %s", status, text)
	}
}
