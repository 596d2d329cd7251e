package changefeed

import (
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// A platform that comes while changes are told gets all there is, one that goes is told no more while others are, and one that comes back
// goes on where it was.
func TestPlatformsComeAndGo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.add("zheliban")
	r.grants["wechat"] = r.grants["zheliban"]
	r.start(t, nil)
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.drained(t, "zheliban")

	late := newPlatform()
	endpoint := Endpoint{Platform: "wechat", Receiver: late, Purpose: exchange.Purpose{Code: "licence-sync"}}
	if err := r.Add(endpoint); err != nil {
		t.Fatal(err)
	}
	if err := r.Add(endpoint); err == nil {
		t.Error("a platform was taken in twice")
	}
	r.until(t, "who came late has what was before", func() bool { return late.has(1).Version == 1 })
	r.drained(t, "wechat")

	r.Remove("wechat")
	if r.Knows("wechat") || len(r.status(t)) != 1 {
		t.Errorf("who is gone shows in %+v", r.status(t))
	}
	calls := late.called()
	report(t, r.intake, reported(t, "police", 1, 2, zt("BD")))
	report(t, r.intake, reported(t, "police", 2, 1, zt("B")))
	r.drained(t, "zheliban")
	if late.called() != calls {
		t.Error("who is gone was told")
	}

	if err := r.Add(endpoint); err != nil {
		t.Fatal(err)
	}
	r.until(t, "who came back has the rest", func() bool { return late.has(1).Version == 2 && late.has(2).Version == 1 })
	r.drained(t, "wechat")
	if late.called() != calls+2 {
		t.Errorf("who came back was told %d times", late.called()-calls)
	}
	r.Remove("nobody")
}

// Whoever is removed while a notice is under way is waited for, and the notice is told to who comes in its place.
func TestRemoveWaitsForWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.add("wechat")
	began, held := make(chan struct{}), make(chan struct{})
	r.platforms["wechat"].sees(func(exchange.Notice, int) (bool, error) {
		close(began)
		<-held
		return false, &exchange.Error{Code: exchange.SourceDown}
	})
	r.start(t, nil)
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	<-began
	gone := make(chan struct{})
	go func() { defer close(gone); r.Remove("wechat") }()
	r.until(t, "it is out", func() bool { return !r.Knows("wechat") })
	select {
	case <-gone:
		t.Error("nobody waited for what is under way")
	default:
	}
	close(held)
	<-gone
	next := newPlatform()
	if err := r.Add(Endpoint{Platform: "wechat", Receiver: next, Purpose: exchange.Purpose{Code: "licence-sync"}}); err != nil {
		t.Fatal(err)
	}
	r.until(t, "the next one has it", func() bool { return next.has(1).Version == 1 })
}
