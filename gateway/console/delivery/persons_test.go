package delivery

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func (r *rig) operations() []exchange.Operation {
	var all []exchange.Operation
	for _, record := range r.records {
		all = append(all, record.Operation)
	}
	return all
}

// proposed has li order a replay of more than one person may, and gives where it waits.
func proposed(t *testing.T, r *rig) (li, wang *person, at string) {
	t.Helper()
	li, wang = &person{t: t, rig: r, name: "li"}, &person{t: t, rig: r, name: "wang"}
	status, at, text := li.send("POST", "/changes/replay", li.form("/changes/freeze", "the platform knows them now"))
	if status != 303 || !strings.HasPrefix(at, "/changes/proposals/") || len(r.desk.orders) != 0 {
		t.Fatalf("%d %s %s, orders %v", status, at, text, r.desk.orders)
	}
	return li, wang, at
}

func TestThousandNeedOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1000)
	li := &person{t: t, rig: r, name: "li"}
	if status, at, _ := li.send("POST", "/changes/replay", li.form("/changes/freeze", "why")); status != 303 || !strings.HasPrefix(at, "/changes/jobs/") || len(r.desk.orders) != 1 {
		t.Errorf("%d %s", status, at)
	}
	if o := r.desk.orders[0]; o.By.Operator != "li" || o.By.Reason != "why" || o.Caller.KeyID != "console-test" || strings.Contains(string(o.Caller.Body), `"token"`) || !strings.Contains(string(o.Caller.Body), "why") {
		t.Errorf("ordered %+v", o)
	}
}

// More than a thousand begin when somebody else has confirmed it, once, with both on record before.
func TestMoreNeedTwo(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1001)
	li, wang, at := proposed(t, r)
	if status, _, _ := li.send("POST", at+"/confirm", li.form(at, "I am sure")); status != 403 || len(r.desk.orders) != 0 {
		t.Fatalf("li confirms himself: %d", status)
	}
	form := wang.form(at, "seen")
	if status, to, _ := wang.send("POST", at+"/confirm", form); status != 303 || !strings.HasPrefix(to, "/changes/jobs/") {
		t.Fatalf("wang: %d %s", status, to)
	}
	if status, _, _ := wang.send("POST", at+"/confirm", form); status != 404 || len(r.desk.orders) != 1 {
		t.Errorf("again: %d, %d orders", status, len(r.desk.orders))
	}
	if got := r.operations(); !slices.Equal(got, []exchange.Operation{OrderPropose, OrderConfirm}) {
		t.Errorf("recorded %v", got)
	}
	if o := r.desk.orders[0]; o.By.Operator != "li" || !strings.Contains(o.By.Reason, "the platform knows them now [wang ") || r.records[1].Purpose.Operator != "wang" {
		t.Errorf("ordered %+v", o)
	}
}

func TestProposalsExpireAndAreWithdrawn(t *testing.T) {
	t.Parallel()
	r := newRig(t, 5000)
	_, wang, at := proposed(t, r)
	form := wang.form(at, "seen")
	r.mu.Lock()
	r.now = r.now.Add(expiry)
	r.mu.Unlock()
	if status, _, _ := wang.send("POST", at+"/confirm", form); status != 404 || len(r.desk.orders) != 0 {
		t.Errorf("too late: %d", status)
	}
	_, wang, at = proposed(t, r)
	if status, _, _ := wang.send("POST", at+"/withdraw", wang.form(at, "no")); status != 303 {
		t.Errorf("withdraw: %d", status)
	}
	if status, _, _ := wang.send("GET", at, nil); status != 404 || r.records[len(r.records)-1].Operation != OrderWithdraw {
		t.Errorf("withdrawn: %d, %v", status, r.operations())
	}
}

// What can't be recorded does not happen, and waits on.
func TestNothingHappensUnrecorded(t *testing.T) {
	t.Parallel()
	r := newRig(t, 2000)
	_, wang, at := proposed(t, r)
	form := wang.form(at, "seen")
	r.mu.Lock()
	r.full = true
	r.mu.Unlock()
	if status, _, text := wang.send("POST", at+"/confirm", form); status != 503 || len(r.desk.orders) != 0 || !strings.Contains(text, "没有执行任何操作") {
		t.Errorf("%d %s", status, text)
	}
	if status, to, _ := wang.send("POST", "/changes/skip", wang.form("/changes/freeze", "why")); status != 503 {
		t.Errorf("proposed without a record: %d %s", status, to)
	}
	r.mu.Lock()
	r.full = false
	r.mu.Unlock()
	if status, _, _ := wang.send("POST", at+"/confirm", form); status != 303 || len(r.desk.orders) != 1 {
		t.Errorf("afterwards: %d", status)
	}
}

func TestProposalsAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Now()
	all := &proposals{clock: func() time.Time { return now }}
	for range mostProposals {
		all.add(proposal{Expires: now.Add(time.Minute)})
	}
	if all.add(proposal{Expires: now.Add(time.Minute)}) {
		t.Error("no bound")
	}
	if now = now.Add(time.Minute); !all.add(proposal{Expires: now.Add(time.Minute)}) || len(all.all()) != 1 {
		t.Error("expired ones take room")
	}
}

// A preview is of one person and one count.
func TestSeals(t *testing.T) {
	t.Parallel()
	r := newRig(t, 10)
	li, wang := &person{t: t, rig: r, name: "li"}, &person{t: t, rig: r, name: "wang"}
	form := li.form("/changes/freeze", "why")
	wangs := wang.form("/changes/freeze", "why")
	for name, change := range map[string][2]string{"another count": {"count", "11"}, "another token": {"preview", "u"}, "another's seal": {"seal", wangs.Get("seal")}, "none": {"seal", ""}} {
		was := form.Get(change[0])
		form.Set(change[0], change[1])
		if status, _, _ := li.send("POST", "/changes/skip", form); status != 409 {
			t.Errorf("%s: %d", name, status)
		}
		form.Set(change[0], was)
	}
	r.desk.meant = 11
	if status, _, _ := li.send("POST", "/changes/skip", form); status != 409 || len(r.desk.orders) != 0 {
		t.Errorf("the token means more than was shown: %d", status)
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	r := newRig(t, 10)
	li := &person{t: t, rig: r, name: "li"}
	form := li.form("/changes/freeze", "why")
	for text, want := range map[string]int{"0": 422, "-1": 422, "NaN": 422, "1001": 422, "x": 422, "Inf": 422} {
		form.Set("perSecond", text)
		if status, _, _ := li.send("POST", "/changes/replay", form); status != want {
			t.Errorf("%s: %d", text, status)
		}
	}
	if status, _, _ := li.send("GET", "/changes/parked?from=yesterday", nil); status != 422 {
		t.Errorf("a time that is none: %d", status)
	}
}
