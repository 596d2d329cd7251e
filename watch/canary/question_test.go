package canary_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
	"github.com/zhengqiao/zhengqiao/watch/canary"
)

// platform is a source that answers as a test wants.
type platform struct {
	licence exchange.Licence
	age     time.Duration
	wait    time.Duration
	err     error
	mu      sync.Mutex
}

// says gives what it answers now.
func (p *platform) says() (exchange.Licence, time.Duration, time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.licence, p.age, p.wait, p.err
}

// spoiled changes it while it may be asked.
func (p *platform) spoiled(spoil func(*platform)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	spoil(p)
}

func (p *platform) Licence(ctx context.Context, _ exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	licence, age, wait, err := p.says()
	select {
	case <-ctx.Done():
		return exchange.Sighting[exchange.Licence]{}, exchange.Errorf(exchange.SourceTimeout, "no answer: %w", ctx.Err())
	case <-time.After(wait):
	}
	return exchange.Sighting[exchange.Licence]{Value: licence, AsOf: time.Now().Add(-age)}, err
}

func (p *platform) Match(context.Context, exchange.SourceRequest) (exchange.IdentityVerdict, error) {
	_, _, _, err := p.says()
	return exchange.IdentityDiffers, err
}

// good is what the canary's platform answers when all is well.
func good() *platform {
	points := 2
	return &platform{licence: exchange.Licence{
		Status: "AH", Points: &points, Classes: []exchange.Class{"C1", "D"}, ValidUntil: exchange.Date{Year: 2030, Month: 1, Day: 2},
	}}
}

// watched is a watcher of one source with a canary on the default schedule.
func watched(p *platform) (*watch.Watcher, *canary.Question) {
	w := watch.New(watch.Config{Clock: time.Now})
	w.Add(watch.Part{ID: "a", Role: "source"})
	source := w.Source(&exchange.Source{ID: "a", Licences: p, Identities: p})
	return w, &canary.Question{
		Source: source, Watcher: w, Clock: time.Now,
		Expect: canary.Expect{"status": "HA", "points": "2", "classes": "C1D", "validUntil": "2030-01-02", "longTerm": "false"},
	}
}

// lights gives colour and layer of each.
func lights(w *watch.Watcher) string {
	var shown []string
	for _, light := range w.Overview().Adapters[0].Lights {
		shown = append(shown, strings.TrimSuffix(string(light.Colour)+"/"+string(light.Layer), "/"))
	}
	return strings.Join(shown, " ")
}

func TestQuestion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*platform)
		outcome canary.Outcome
		lights  string
	}{
		"right":        {func(*platform) {}, canary.Right, "green green green green"},
		"wrong":        {func(p *platform) { p.licence.Points = nil }, canary.Wrong, "green green green red/value"},
		"wrong status": {func(p *platform) { p.licence.Status = "A" }, canary.Wrong, "green green green red/value"},
		"stale":        {func(p *platform) { p.age = 37 * time.Hour }, canary.Stale, "green green red/data green"},
		"not found":    {func(p *platform) { p.err = &exchange.Error{Code: exchange.NoRecord} }, canary.Wrong, "green green grey red/value"},
		"down":         {func(p *platform) { p.err = &exchange.Error{Code: exchange.SourceDown} }, canary.Failed, "grey red/http grey grey"},
		"refused":      {func(p *platform) { p.err = &exchange.Error{Code: exchange.SourceRefused} }, canary.Failed, "red/credential grey grey grey"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := good()
			c.change(p)
			w, question := watched(p)
			var counted string
			question.Observe = func(source string, outcome canary.Outcome, _ time.Duration) { counted = source + " " + string(outcome) }
			outcome, _ := question.Ask(t.Context())
			if outcome != c.outcome || lights(w) != c.lights || counted != "a "+string(c.outcome) {
				t.Errorf("%s, %s, counted %q; want %s, %s", outcome, lights(w), counted, c.outcome, c.lights)
			}
		})
	}
}

func TestRegistersAreAskedForAVerdict(t *testing.T) {
	t.Parallel()
	w, question := watched(good())
	question.Identity, question.Expect = true, canary.Expect{canary.Verdict: "match"}
	if outcome, err := question.Ask(t.Context()); outcome != canary.Wrong || err != nil {
		t.Errorf("%s, %v", outcome, err)
	}
	light := w.Overview().Adapters[0].Lights[3]
	if light.Colour != watch.Red || !strings.Contains(light.Why.En, "verdict") {
		t.Errorf("%+v", light)
	}
}

// TestFaultsShowInTimeAtTheDefaults turns the clock: whenever a fault begins, the light is red within 15 s, within 60 s for values.
func TestFaultsShowInTimeAtTheDefaults(t *testing.T) {
	t.Parallel()
	points := 9
	for name, c := range map[string]struct {
		spoil  func(*platform)
		within time.Duration
		lights string
	}{
		"500":         {func(p *platform) { p.err = &exchange.Error{Code: exchange.SourceDown} }, 15 * time.Second, "red/http"},
		"silent":      {func(p *platform) { p.wait = time.Hour }, 15 * time.Second, "red/time"},
		"refused":     {func(p *platform) { p.err = &exchange.Error{Code: exchange.SourceRefused} }, 15 * time.Second, "red/credential"},
		"unreadable":  {func(p *platform) { p.err = &exchange.Error{Code: exchange.SourceInvalid} }, 15 * time.Second, "red/format"},
		"wrong value": {func(p *platform) { p.licence.Points = &points }, 60 * time.Second, "red/value"},
		"stale":       {func(p *platform) { p.age = 40 * time.Hour }, 60 * time.Second, "red/data"},
	} {
		for begins := time.Duration(0); begins < canary.DefaultEvery; begins += 700 * time.Millisecond {
			t.Run(fmt.Sprintf("%s/%s", name, begins), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					p := good()
					w, question := watched(p)
					ctx, stop := context.WithCancel(t.Context())
					ended := make(chan error)
					go func() { ended <- question.Run(ctx) }()
					time.Sleep(time.Minute + begins) // all is well for a minute
					synctest.Wait()
					if got := lights(w); got != "green green green green" {
						t.Errorf("before the fault: %s", got)
					}
					p.spoiled(c.spoil)
					time.Sleep(c.within)
					synctest.Wait()
					if got := lights(w); !strings.Contains(got, c.lights) {
						t.Errorf("%s after it began: %s, want %s", c.within, got, c.lights)
					}
					stop()
					<-ended
				})
			})
		}
	}
}

func TestAFieldThatIsNotKnownIsNotInTheList(t *testing.T) {
	t.Parallel()
	if fields := strings.Join(canary.Fields(), " "); fields != "classes cycleEnd firstIssued issuedOn longTerm mayDrive points replacements status validUntil verdict" {
		t.Error(fields)
	}
}
