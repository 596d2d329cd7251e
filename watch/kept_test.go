package watch

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// seen gives what the overview shows of the only adapter.
func seen(w *Watcher) Adapter { return w.Overview().Adapters[0] }

func watching(clock *time.Time) *Watcher {
	w := New(Config{Clock: func() time.Time { return *clock }})
	w.Add(Part{ID: "tmri", Role: "source"})
	return w
}

// A restart forgets nothing of an hour, a day and a month, and what came before it and after it adds up; lights begin anew.
func TestHistoryOutlivesARestart(t *testing.T) {
	t.Parallel()
	clock := at(0)
	before, whole := watching(&clock), watching(&clock)
	call := func(w *Watcher, i int) {
		var err error
		if i%10 == 0 {
			err = &exchange.Error{Code: exchange.SourceDown}
		}
		w.Called("tmri", Call{Took: time.Millisecond, Err: err})
	}
	before.Tested("tmri")
	whole.Tested("tmri")
	for i := range 5000 {
		clock = at(float64(20 * i))
		call(before, i)
		call(whole, i)
	}
	text, err := json.Marshal(before.Keep())
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]Kept
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	after := watching(&clock)
	call(after, 5000) // a call may be faster than the recalling
	call(whole, 5000)
	after.Recall("tmri", kept["tmri"])
	after.Recall("nobody", kept["tmri"])
	got, want := seen(after), seen(whole)
	if got.Hour != want.Hour || got.Day != want.Day || got.BudgetLeft != want.BudgetLeft || !got.LastSuccess.Equal(want.LastSuccess) || !got.Conformance.Equal(want.Conformance) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got.FiveMinutes.Tried != 1 {
		t.Errorf("five minutes are recalled: %+v", got.FiveMinutes)
	}
	if fresh := watching(&clock); !reflect.DeepEqual(seen(fresh).Lights, func() [4]Light { fresh.Recall("tmri", kept["tmri"]); return seen(fresh).Lights }()) {
		t.Error("a light went by what was recalled")
	}
}

// What was kept too long ago, or can't be, changes nothing.
func TestWhatCannotBeRecalled(t *testing.T) {
	t.Parallel()
	clock := at(0)
	w := watching(&clock)
	turn := clock.UnixNano() / int64(time.Minute)
	w.Recall("tmri", Kept{
		Hour:        []Span{{turn + 1, 1, 1}, {turn - 60, 1, 1}, {turn, 1, 2}, {-1, 1, 1}},
		LastSuccess: clock.Add(time.Second),
	})
	if got := seen(w); got.Hour != (Rate{}) || !got.LastSuccess.IsZero() {
		t.Errorf("%+v", got)
	}
}
