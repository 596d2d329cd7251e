package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/tmri"
)

const (
	incremental = "\npolls:\n  - {source: tmri, mode: incremental, every: 1s, quota: {perSecond: 50, perDay: 50000}}\n"
	requery     = "\npolls:\n  - {source: tmri, mode: requery, every: 1s, quota: {perSecond: 50, perDay: 50000}}\n"
	listing     = "      changes: {jkid: 02Z99, from: gxsjq, after: sfzmhmq, rows: hs}\n"
)

// polled is a gateway that polls a stand-in of 六合一 of its own.
type polled struct {
	t        *testing.T
	world    *demo.World
	settings *config.Config
	gateway  *app.App
}

// newPolled changes the demo's configuration so that tmri lists changes, and appends the polls.
func newPolled(t *testing.T, polls string) *polled {
	t.Helper()
	p := &polled{t: t}
	var err error
	if p.world, err = demo.NewWorld(t.TempDir(), "127.0.0.1:0", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.world.Close() })
	serial, err := os.ReadFile(filepath.Join(filepath.Dir(p.world.ConfigPath()), "keys", "tmri.serial"))
	if err != nil {
		t.Fatal(err)
	}
	platform, err := tmri.New(tmri.Config{
		Serials: map[string]tmri.Grant{strings.TrimSpace(string(serial)): {Interfaces: []string{"02C06", "02Z99"}}},
		Changes: tmri.Changes{Interface: "02Z99", From: "gxsjq", After: "sfzmhmq", Rows: "hs"},
	}, p.world.Citizens, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(platform)
	t.Cleanup(server.Close)
	text, err := os.ReadFile(p.world.ConfigPath())
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`http://[^ ]*`+tmri.PathNew).ReplaceAll(text, []byte(server.URL+tmri.PathNew))
	text = regexp.MustCompile(`(?m)^      audit: .*\n`).ReplaceAll(text, []byte("$0"+listing))
	// A machine that is busy with other tests must not look like a rule that runs away or a source that is slow.
	text = append(text, "\nlimits: {decision: 20s, budget: 20s}\n"+polls...)
	if err := os.WriteFile(p.world.ConfigPath(), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if p.settings, err = config.Load(p.world.ConfigPath(), nil); err != nil {
		t.Fatal(err)
	}
	return p
}

// start runs the gateway until the test ends, and gives its end.
func (p *polled) start() (stop func()) {
	p.t.Helper()
	var err error
	if p.gateway, err = app.Open(p.t.Context(), p.settings, slog.New(slog.DiscardHandler), app.Parts{}); err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.gateway.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			p.t.Error(err)
		}
	}
	p.t.Cleanup(stop)
	return stop
}

// until looks every few milliseconds: what a worker does has no other sign.
func (p *polled) until(what string, met func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 2*time.Minute)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !met() {
		select {
		case <-look.C:
		case <-ctx.Done():
			p.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// person is a persona whose licence the tests change.
func (p *polled) person(key string) (citizen.Citizen, exchange.IDNumber) {
	p.t.Helper()
	person, _ := p.world.Citizens.Persona(key)
	number, err := exchange.ParseIDNumber(person.IDNumber, time.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	return person, number
}

// replaced waits until the book and the receiver know of so many replacements.
func (p *polled) replaced(key string, times int) {
	p.t.Helper()
	person, number := p.person(key)
	p.until("the book knows of the replacement", func() bool {
		known, err := p.gateway.Known(p.t.Context(), number)
		return err == nil && known.State != nil && *known.State.Stands.Replacements == times && known.State.Source[exchange.AspectReplacement] == "tmri"
	})
	p.until("浙里办 knows of the replacement", func() bool {
		held, known := p.world.StandIns.Platform("zheliban").Told(person.IDNumber)
		return known && held.Fields["bzcs"] == fmt.Sprint(times)
	})
}

// TestAReplacementAtThePoliceReachesAReceiver by the listing of changes, also if it came about while the gateway was stopped.
func TestAReplacementAtThePoliceReachesAReceiver(t *testing.T) {
	t.Parallel()
	p := newPolled(t, incremental)
	stop := p.start()
	person, _ := p.person("normal-zhejiang")
	p.world.Citizens.Replace(person.IDNumber, time.Now())
	p.replaced("normal-zhejiang", person.Licence.Replaced+1)
	_, metrics := get(t, p.gateway.OpsURL()+"/metrics")
	for _, want := range []string{
		`zhengqiao_poll_reports_total{mode="incremental",outcome="accepted",source="tmri"} `, `zhengqiao_poll_lag_seconds{mode="incremental",source="tmri"} `,
		`zhengqiao_poll_questions_total{mode="incremental",outcome="answered",source="tmri"} `,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	stop()
	p.world.Citizens.Replace(person.IDNumber, time.Now())
	p.start()
	p.replaced("normal-zhejiang", person.Licence.Replaced+2)
}

// TestAChangeThatIsOnlyFoundByAskingAgain reaches the receiver too, for a licence that is known.
func TestAChangeThatIsOnlyFoundByAskingAgain(t *testing.T) {
	t.Parallel()
	p := newPolled(t, incremental)
	stop := p.start()
	person, _ := p.person("normal-zhejiang")
	p.world.Citizens.Replace(person.IDNumber, time.Now())
	p.replaced("normal-zhejiang", person.Licence.Replaced+1)
	stop()
	q := &polled{t: t, world: p.world}
	text, err := os.ReadFile(p.world.ConfigPath())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.world.ConfigPath(), []byte(strings.Replace(string(text), incremental, requery, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if q.settings, err = config.Load(p.world.ConfigPath(), nil); err != nil {
		t.Fatal(err)
	}
	q.start()
	p.world.Citizens.Replace(person.IDNumber, time.Now())
	q.replaced("normal-zhejiang", person.Licence.Replaced+2)
}

func TestCheckOfPolls(t *testing.T) {
	t.Parallel()
	narrowed := "  - {source: zheliban-sharing, mode: requery, tier: daily, aspects: [status, validity, replacement], quota: {perSecond: 1}}\n"
	if _, err := app.Check(newPolled(t, incremental+narrowed).settings); err != nil {
		t.Errorf("good polls: %v", err)
	}
	_, err := app.Check(newPolled(t, `
polls:
  - {source: zheliban, mode: incremental, quota: {perSecond: 1}}
  - {source: population, mode: requery, tier: daily, quota: {perSecond: 1}}
  - {source: zheliban-sharing, mode: requery, tier: daily, quota: {perSecond: 1}}
`).settings)
	for _, want := range []string{
		`polls\[0\].mode: source zheliban lists no changes`, `polls\[1\].mode: source population answers no licence queries`,
		`polls\[2\]: the policies do not let source zheliban-sharing announce this`,
	} {
		if err == nil || !regexp.MustCompile(`line \d+: `+want).MatchString(err.Error()) {
			t.Errorf("%s is missing in\n%v", want, err)
		}
	}
}
