package app_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	switches "github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/watch"
)

// faultStage is a gateway whose every source is about to have a fault of its own.
type faultStage struct {
	dir     string
	token   string // of the stand-ins
	proxies *toxiproxy.ApiServer
}

// standIn starts a 穗好办 of its own, with citizens of its own.
func (s *faultStage) standIn(t *testing.T, paasID, token string) (*simulators.Running, *citizen.Registry) {
	t.Helper()
	registry, err := citizen.New(1, time.Now(), 0)
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf(`{"tokens":{%q:%q}}`, paasID, token)
	running, err := simulators.Start(simulators.Settings{Registry: registry, Clock: time.Now, Platforms: []simulators.Platform{
		{Kind: "suihaoban", Config: json.RawMessage(config)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Close() })
	return running, registry
}

// proxy puts a toxiproxy before a stand-in.
func (s *faultStage) proxy(t *testing.T, name string, to *simulators.Running) *toxiproxy.Proxy {
	t.Helper()
	proxy := toxiproxy.NewProxy(s.proxies, name, "127.0.0.1:0", strings.TrimPrefix(to.URL("suihaoban"), "http://"))
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		proxy.Toxics.ResetToxics(context.Background())
		proxy.Stop()
	})
	return proxy
}

// injected is a fault that can be switched on: where the source is, and the light that is to turn red.
type injected struct {
	url    string
	extra  string // of settings.http
	inject func(*testing.T)
	light  watch.LightName
	layer  watch.Layer
}

// switched is a fault of the stand-in itself.
func (s *faultStage) switched(t *testing.T, set switches.Fault, light watch.LightName, layer watch.Layer) injected {
	running, _ := s.standIn(t, "zhengqiao", s.token)
	return injected{running.URL("suihaoban"), "", func(t *testing.T) {
		if err := running.Platform("suihaoban").Faults().Set(set); err != nil {
			t.Error(err)
		}
	}, light, layer}
}

// toxic is a fault of the way there.
func (s *faultStage) toxic(t *testing.T, name, toxic string) injected {
	running, _ := s.standIn(t, "zhengqiao", s.token)
	proxy := s.proxy(t, name, running)
	return injected{"http://" + proxy.Listen, "", func(t *testing.T) {
		if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			t.Error(err)
		}
	}, watch.Reachability, watch.LayerTime}
}

// replaced is a platform that suddenly knows us by something else.
func (s *faultStage) replaced(t *testing.T, name, paasID, token string, layer watch.Layer) injected {
	before, _ := s.standIn(t, "zhengqiao", s.token)
	after, _ := s.standIn(t, paasID, token)
	proxy := s.proxy(t, name, before)
	return injected{"http://" + proxy.Listen, "", func(t *testing.T) {
		changed := &toxiproxy.Proxy{Listen: proxy.Listen, Upstream: strings.TrimPrefix(after.URL("suihaoban"), "http://"), Enabled: true}
		if err := proxy.Update(changed); err != nil {
			t.Error(err)
		}
	}, watch.Configuration, layer}
}

func (s *faultStage) refused(t *testing.T) injected {
	running, _ := s.standIn(t, "zhengqiao", s.token)
	proxy := s.proxy(t, "refused", running)
	return injected{"http://" + proxy.Listen, "", func(*testing.T) { proxy.Stop() }, watch.Reachability, watch.LayerTCP}
}

func (s *faultStage) wrongValue(t *testing.T) injected {
	running, registry := s.standIn(t, "zhengqiao", s.token)
	person, _ := registry.Persona("canary-guangdong")
	return injected{running.URL("suihaoban"), "", func(*testing.T) {
		registry.Amend(person.IDNumber, time.Now(), func(l *citizen.Licence) { l.Points = 9 })
	}, watch.Contract, watch.LayerValue}
}

// secured is a platform behind TLS whose certificate is replaced by one that nobody trusts.
func (s *faultStage) secured(t *testing.T) injected {
	running, _ := s.standIn(t, "zhengqiao", s.token)
	target, err := url.Parse(running.URL("suihaoban"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(target))
	var shown atomic.Pointer[tls.Certificate]
	server.TLS = &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return shown.Load(), nil }}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it is the test's doing
	server.StartTLS()
	t.Cleanup(server.Close)
	good := server.TLS.Certificates[0]
	shown.Store(&good)
	authority := filepath.Join(s.dir, "keys", "authority.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: good.Certificate[0]})
	if err := os.WriteFile(authority, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return injected{server.URL, ", tls: {caFile: " + authority + ", serverName: example.com}", func(*testing.T) {
		other := foreignCertificate(t)
		shown.Store(&other)
	}, watch.Reachability, watch.LayerTLS}
}

func (s *faultStage) faults(t *testing.T) map[string]injected {
	return map[string]injected{
		"dns":        {"http://nobody.invalid", "", func(*testing.T) {}, watch.Reachability, watch.LayerDNS}, // from the beginning
		"refused":    s.refused(t),
		"tls":        s.secured(t),
		"slow":       s.toxic(t, "slow", `{"name":"slow","type":"latency","stream":"downstream","attributes":{"latency":60000}}`),
		"drip":       s.switched(t, switches.Fault{Kind: switches.Drip, Duration: 2 * time.Second}, watch.Reachability, watch.LayerTime),
		"500":        s.switched(t, switches.Fault{Kind: switches.ServerError}, watch.Reachability, watch.LayerHTTP),
		"signature":  s.replaced(t, "signature", "zhengqiao", "another token", watch.LayerSignature),
		"value":      s.wrongValue(t),
		"stale":      s.switched(t, switches.Fault{Kind: switches.Stale, Duration: 48 * time.Hour}, watch.Freshness, watch.LayerData),
		"skew":       s.switched(t, switches.Fault{Kind: switches.ClockSkew, Duration: 10 * time.Minute}, watch.Configuration, watch.LayerClock),
		"credential": s.replaced(t, "credential", "somebody else", s.token, watch.LayerCredential),
	}
}

// sourcesOf writes the faulty sources and their canaries.
func sourcesOf(faults map[string]injected) (sources, canaries string) {
	for name, f := range faults {
		sources += fmt.Sprintf("  - {id: f-%[1]s, kind: suihaoban, region: \"440000\", settings: {url: %[2]s/ebus/suihaoban/licence/query, paasId: zhengqiao, "+
			"cityCode: \"440100\", token: file:keys/suihaoban.token, http: {allow: [127.0.0.0/8], timeout: 5s%[3]s}}}\n", name, f.url, f.extra)
		canaries += fmt.Sprintf("    - {source: f-%s, name: file:keys/canary.name, idNumber: file:keys/canary.id, region: \"440000\", every: 400ms, "+
			"timeout: 4s, expect: {status: A, points: \"2\"}}\n", name)
	}
	return sources, "canaries:\n  sources:\n" + canaries + "watch: {every: 400ms, slow: 1h}\n"
}

// TestEveryFaultTurnsItsLightRed injects eleven faults into eleven sources of one gateway; the twelfth is the disk's, below. Each turns
// one light red, and that one names the layer.
func TestEveryFaultTurnsItsLightRed(t *testing.T) {
	t.Parallel()
	stage := &faultStage{proxies: toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())}
	var faults map[string]injected
	gateway := watchedGateway(t, func(dir, text string) string {
		stage.dir = dir
		stage.token = readText(t, filepath.Join(dir, "keys", "suihaoban.token"))
		faults = stage.faults(t)
		sources, canaries := sourcesOf(faults)
		return strings.Replace(text, "sources:\n", "sources:\n"+sources, 1) + canaries
	})
	for name := range faults {
		if name != "dns" {
			awaitLights(t, gateway, "f-"+name, func(red []watch.Light, green int) bool { return len(red) == 0 && green == 4 })
		}
	}
	for _, f := range faults {
		f.inject(t)
	}
	for name, f := range faults {
		awaitLights(t, gateway, "f-"+name, func(red []watch.Light, _ int) bool {
			return len(red) == 1 && red[0].Name == f.light && red[0].Layer == f.layer
		})
	}
}

// TestAFullDiskTurnsTheLightRed fills the journal up to its bound.
func TestAFullDiskTurnsTheLightRed(t *testing.T) {
	t.Parallel()
	gateway := watchedGateway(t, func(_, text string) string {
		return strings.Replace(text, "  dir: journal\n", "  dir: journal\n  maxBytes: 1000000\n", 1) + "watch: {every: 400ms}\n"
	})
	number, err := exchange.ParseIDNumber(personaOf(t, "canary-shanghai").IDNumber, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	report := exchange.Report{
		Reporter: "zhengqiao-canary", Licence: gateway.LicenceKey(number), Subject: exchange.Subject{Name: "谭真", IDNumber: number}, Region: "310000",
		Caller: exchange.Caller{Platform: "zhengqiao-canary", Body: bytes.Repeat([]byte("x"), 50_000)},
	}
	for i := range 200 {
		report.ID, report.Happened = fmt.Sprintf("full-%d", i), time.Now()
		report.Facts = exchange.Facts{Status: exchange.StatusSet("AB"[i%2 : i%2+1])}
		if _, err = gateway.Report(t.Context(), &report); err != nil {
			break
		}
	}
	if exchange.CodeOf(err) != exchange.RecordNotDurable {
		t.Fatalf("the journal takes everything: %v", err)
	}
	awaitLights(t, gateway, "tmri", func(red []watch.Light, _ int) bool {
		return len(red) == 1 && red[0].Name == watch.Configuration && red[0].Layer == watch.LayerDisk
	})
}

// awaitLights waits until an adapter's lights are so. It measures no time: how long a fault takes to show is proved by a turned clock, in
// package canary.
func awaitLights(t *testing.T, gateway *app.App, id string, so func(red []watch.Light, green int) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	for ticker := time.NewTicker(50 * time.Millisecond); ; {
		lights := lightsOf(gateway, id)
		var red []watch.Light
		green := 0
		for _, light := range lights {
			switch light.Colour {
			case watch.Red:
				red = append(red, light)
			case watch.Green:
				green++
			}
		}
		if so(red, green) {
			ticker.Stop()
			return
		}
		select {
		case <-ctx.Done():
			ticker.Stop()
			t.Errorf("%s: %v: %+v", id, context.Cause(ctx), lights)
			return
		case <-ticker.C:
		}
	}
}

func lightsOf(gateway *app.App, id string) [4]watch.Light {
	for _, adapter := range gateway.Overview().Adapters {
		if adapter.ID == id {
			return adapter.Lights
		}
	}
	return [4]watch.Light{}
}
