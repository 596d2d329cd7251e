package watch

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// fakeClock is turned by tests.
type fakeClock struct{ nanos atomic.Int64 }

func newClock() *fakeClock {
	c := &fakeClock{}
	c.nanos.Store(at(0).UnixNano())
	return c
}

func (c *fakeClock) now() time.Time       { return time.Unix(0, c.nanos.Load()).UTC() }
func (c *fakeClock) turn(d time.Duration) { c.nanos.Add(int64(d)) }

// rig is a watcher of one adapter.
type rig struct {
	*Watcher
	clock *fakeClock
}

func newRig() rig {
	clock := newClock()
	w := New(Config{Clock: clock.now})
	w.Add(Part{ID: "a", Kind: "tmri", Region: "310000", Role: "source", Version: "v1"})
	return rig{w, clock}
}

func (r rig) call(err error) {
	r.Called("a", Call{Took: 20 * time.Millisecond, Waited: 15 * time.Millisecond, Err: err})
}
func (r rig) canary(err error) { r.Called("a", Call{Took: time.Millisecond, Err: err, Canary: true}) }

// lights gives colour and layer of each, such as "green grey red/tls yellow".
func (r rig) lights() string {
	var shown []string
	for _, light := range r.Overview().Adapters[0].Lights {
		text := string(light.Colour)
		if light.Layer != "" {
			text += "/" + string(light.Layer)
		}
		shown = append(shown, text)
	}
	return strings.Join(shown, " ")
}

func failure(layer exchange.Layer) error { return exchange.ErrorAt(exchange.SourceDown, layer, "no") }

func TestLights(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(rig)
		want string
	}{
		"nothing was observed":      {func(rig) {}, "grey grey grey grey"},
		"a connection alone":        {func(r rig) { r.Probed("a", nil) }, "grey green grey grey"},
		"answers":                   {func(r rig) { r.call(nil) }, "green green grey green"},
		"no such record":            {func(r rig) { r.call(&exchange.Error{Code: exchange.NoRecord}) }, "green green grey green"},
		"a wrong request":           {func(r rig) { r.call(&exchange.Error{Code: exchange.InvalidRequest}) }, "grey grey grey grey"},
		"DNS":                       {func(r rig) { r.call(failure("dns")) }, "grey red/dns grey grey"},
		"no connection":             {func(r rig) { r.call(nil); r.Probed("a", failure("tcp")) }, "green red/tcp grey green"},
		"TLS":                       {func(r rig) { r.Probed("a", failure("tls")) }, "grey red/tls grey grey"},
		"time":                      {func(r rig) { r.call(&exchange.Error{Code: exchange.SourceTimeout}) }, "grey red/time grey grey"},
		"HTTP":                      {func(r rig) { r.call(&exchange.Error{Code: exchange.SourceDown}) }, "grey red/http grey grey"},
		"no layer":                  {func(r rig) { r.call(errors.New("no")) }, "grey red grey grey"},
		"signature":                 {func(r rig) { r.call(failure("signature")) }, "red/signature grey grey grey"},
		"refused":                   {func(r rig) { r.call(&exchange.Error{Code: exchange.SourceRefused}) }, "red/credential grey grey grey"},
		"refused, and skewed":       {func(r rig) { r.Skewed("a", -time.Minute); r.call(failure("signature")) }, "red/clock grey grey grey"},
		"skewed":                    {func(r rig) { r.Skewed("a", -time.Minute); r.call(nil) }, "yellow/clock green grey green"},
		"ended":                     {func(r rig) { r.Expires("a", "secret", at(-1)); r.call(nil) }, "red/credential green grey green"},
		"ends soon":                 {func(r rig) { r.Expires("a", "secret", at(86400)); r.call(nil) }, "yellow/credential green grey green"},
		"ends later":                {func(r rig) { r.Expires("a", "secret", at(86400*15)); r.call(nil) }, "green green grey green"},
		"renewed":                   {func(r rig) { r.Expires("a", "s", at(-1)); r.Expires("a", "s", time.Time{}); r.call(nil) }, "green green grey green"},
		"unreadable":                {func(r rig) { r.call(&exchange.Error{Code: exchange.SourceInvalid}) }, "grey grey grey red/format"},
		"wrong value":               {func(r rig) { r.canary(nil); r.Compared("a", false, "points") }, "green green grey red/value"},
		"right value":               {func(r rig) { r.canary(nil); r.Compared("a", true, "") }, "green green grey green"},
		"fresh":                     {func(r rig) { r.call(nil); r.Sighted("a", at(-10), time.Minute) }, "green green green green"},
		"stale":                     {func(r rig) { r.call(nil); r.Sighted("a", at(-61), time.Minute) }, "green green red/data green"},
		"the poll is behind":        {func(r rig) { r.call(nil); r.Covered("a", "requery", at(-61), time.Minute) }, "green green red/data green"},
		"the poll is not behind":    {func(r rig) { r.call(nil); r.Covered("a", "requery", at(-59), time.Minute) }, "green green green green"},
		"switched off":              {func(r rig) { r.Waiting("a", Backlog{Off: true}) }, "grey grey red/data grey"},
		"much waits":                {func(r rig) { r.Waiting("a", Backlog{Lag: 6 * time.Minute}) }, "grey grey red/data grey"},
		"something waits":           {func(r rig) { r.Waiting("a", Backlog{Lag: 2 * time.Minute}) }, "grey grey yellow/data grey"},
		"batches may wait":          {func(r rig) { r.Waiting("a", Backlog{Lag: 2 * time.Hour, Bound: 26 * time.Hour}) }, "grey grey green grey"},
		"a change was late":         {func(r rig) { r.Arrived("a", false) }, "grey grey red/data grey"},
		"a change was in time":      {func(r rig) { r.Arrived("a", true) }, "grey grey green grey"},
		"parked":                    {func(r rig) { r.call(nil); r.Waiting("a", Backlog{Parked: 1}) }, "green green green yellow/format"},
		"the disk":                  {func(r rig) { r.call(nil); r.Stored(errors.New("full")) }, "red/disk green grey green"},
		"the breaker":               {func(r rig) { r.call(nil); r.Breaker("a", open("open")) }, "green red grey green"},
		"the breaker tries":         {func(r rig) { r.call(nil); r.Breaker("a", open("closed")); r.Breaker("a", open("half-open")) }, "green yellow grey green"},
		"a canary is outvoted":      {func(r rig) { many(r, 5, nil); r.canary(failure("http")) }, "green yellow/http grey green"},
		"a canary counts":           {func(r rig) { many(r, 4, nil); r.canary(failure("http")) }, "green red/http grey green"},
		"the traffic counts":        {func(r rig) { many(r, 5, failure("http")); canaries(r, 9) }, "green red/http grey green"},
		"one of many":               {func(r rig) { many(r, 99, nil); r.call(failure("http")) }, "green green grey green"},
		"some of many":              {func(r rig) { many(r, 9, nil); r.call(failure("http")) }, "green yellow/http grey green"},
		"it works again":            {func(r rig) { many(r, 9, failure("http")); r.clock.turn(16 * time.Second); r.call(nil) }, "yellow yellow/http grey yellow"},
		"silence after a failure":   {func(r rig) { r.call(failure("http")); r.clock.turn(time.Minute) }, "grey red/http grey grey"},
		"five minutes of silence":   {func(r rig) { r.call(failure("http")); r.clock.turn(6 * time.Minute) }, "grey grey grey grey"},
		"the caller went away":      {func(r rig) { r.call(exchange.Errorf(exchange.SourceTimeout, "%w", errCanceled())) }, "grey grey grey grey"},
		"slow":                      {func(r rig) { r.Called("a", Call{Took: 2 * time.Second, Waited: 2 * time.Second}) }, "green yellow/time grey green"},
		"slow by ourselves":         {func(r rig) { r.Called("a", Call{Took: 2 * time.Second}) }, "green green grey green"},
		"not asked keeps the cause": {func(r rig) { r.call(failure("dns")); r.call(failure("")) }, "grey red/dns grey grey"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig()
			c.do(r)
			if got := r.lights(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			for _, light := range r.Overview().Adapters[0].Lights {
				if (light.Colour == Green) == (light.Advice.Zh != "") || light.Why.Zh == "" || light.Why.En == "" || (light.Advice.Zh == "") != (light.Advice.En == "") {
					t.Errorf("texts of %+v", light)
				}
			}
		})
	}
}

func open(state string) func() Breaker {
	return func() Breaker { return Breaker{state, 3 * time.Second} }
}

func many(r rig, count int, err error) {
	for range count {
		r.call(err)
	}
}

func canaries(r rig, count int) {
	for range count {
		r.canary(nil)
	}
}

func TestLightsRememberSinceWhen(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.call(nil)
	if changed := r.Look(); len(changed) != 3 || changed[0].Adapter != "a" || changed[0].From != Grey || changed[0].Light.Colour != Green {
		t.Errorf("%+v", changed)
	}
	r.clock.turn(20 * time.Second)
	r.call(nil)
	if changed := r.Look(); len(changed) != 0 {
		t.Errorf("%+v", changed)
	}
	light := r.Overview().Adapters[0].Lights[0]
	if !light.Since.Equal(at(0)) || !light.Seen.Equal(at(20)) {
		t.Errorf("%+v", light)
	}
	r.Expires("a", "key a-1", at(10))
	if light := r.Overview().Adapters[0].Lights[0]; !light.Since.Equal(at(20)) || light.Colour != Red || !strings.Contains(light.Why.En, "key a-1") {
		t.Errorf("%+v", light)
	}
}

func TestOverview(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.Add(Part{ID: "a", Kind: "other", Role: "receiver"})
	r.Add(Part{ID: "a", Role: "receiver"})
	r.Breaker("a", open("open"))
	r.Governed("rev")
	r.Waiting("a", Backlog{Pending: 7, Parked: 2, Lag: 90 * time.Second})
	r.Expires("a", "tls-certificate", at(9e6))
	r.Tested("a")
	many(r, 3, nil)
	r.call(failure("http"))
	r.Called("unknown", Call{})
	seen := r.Overview()
	if seen.Revision != "rev" || !seen.At.Equal(at(0)) || len(seen.Adapters) != 1 {
		t.Fatalf("%+v", seen)
	}
	a := seen.Adapters[0]
	if a.Kind != "tmri" || fmt.Sprint(a.Roles) != "[source receiver]" || a.Pending != 7 || a.Parked != 2 || a.OldestUndelivered != 90 || a.Version != "v1" {
		t.Errorf("%+v", a)
	}
	rate := Rate{4, 3}
	if a.FiveMinutes != rate || a.Hour != rate || a.Day != rate || a.BudgetLeft > -48 || a.Breaker != "open" || !a.NextProbe.Equal(at(3)) {
		t.Errorf("%+v", a)
	}
	if a.OwnLatency.P95 < .005 || a.OwnLatency.P95 > .006 || a.SourceLatency.P95 < .015 || a.SourceLatency.P95 > .017 {
		t.Errorf("own %+v, source %+v", a.OwnLatency, a.SourceLatency)
	}
	if len(a.Expiries) != 1 || !a.Conformance.Equal(at(0)) || !a.LastSuccess.Equal(at(0)) || a.Worst() != Red {
		t.Errorf("%+v", a)
	}
}
