package simulators_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/suihaoban"
)

// configs holds a valid configuration of every kind.
func configs() map[string]string {
	return map[string]string{
		"population": `{"requesters":{"r":"k"},"service":"s_1200000900000_2109","user":"u","password":"p"}`,
		"suihaoban":  `{"tokens":{"demo":"demo-token"}}`,
		"suishenban": `{"accounts":{"demo":"p"},"catMainCode":"310105109000999"}`,
		"tmri":       `{"serials":{"7A1D":{"interfaces":["02C06"]}}}`,
		"webhook":    `{"keys":["-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEqMM5+xhpqLsrbxWEtFSkKgQLy8Fz\n+wVT8OnudiShPsLCWUUOva10SxrOesiEz/W/1ZbL7Ms/cmgC/Tn6dp/5RQ==\n-----END PUBLIC KEY-----\n"]}`,
		"wechat":     `{"apps":{"wx1":"s"}}`,
		"zheliban":   `{"accessKeys":{"a":"s"}}`,
	}
}

func settings(t *testing.T, platforms ...simulators.Platform) simulators.Settings {
	t.Helper()
	registry, err := citizen.New(1, time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC), 5)
	if err != nil {
		t.Fatal(err)
	}
	return simulators.Settings{Registry: registry, Clock: time.Now, Platforms: platforms}
}

func start(t *testing.T) *simulators.Running {
	t.Helper()
	var platforms []simulators.Platform
	for kind, config := range configs() {
		platforms = append(platforms, simulators.Platform{Kind: kind, Config: json.RawMessage(config)})
	}
	running, err := simulators.Start(settings(t, platforms...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := running.Close(); err != nil {
			t.Error(err)
		}
	})
	return running
}

func do(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestEveryKindStartsAndIsControlled(t *testing.T) {
	t.Parallel()
	running := start(t)
	for kind := range simulators.Constructors() {
		if status, _ := do(t, http.MethodGet, running.URL(kind)+"/nowhere", ""); status != http.StatusNotFound {
			t.Errorf("%s: unknown address answers %d", kind, status)
		}
		if status, body := do(t, http.MethodGet, running.ControlURL()+"/"+kind+"/_sim/calls", ""); status != http.StatusOK || strings.TrimSpace(body) != `{"unknown":1}` {
			t.Errorf("%s: calls %d %s", kind, status, body)
		}
		if status, _ := do(t, http.MethodGet, running.URL(kind)+"/_sim/calls", ""); status != http.StatusNotFound {
			t.Errorf("%s: the control interface answers on the platform's own address", kind)
		}
	}
}

func TestFaultsAreSetOverHTTP(t *testing.T) {
	t.Parallel()
	running := start(t)
	faults := running.ControlURL() + "/suihaoban/_sim/faults"
	if status, body := do(t, http.MethodPost, faults, `{"kind":"server_error","times":1}`); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, body)
	}
	if active := running.Platform("suihaoban").Faults().Active(); len(active) != 1 || active[0].Kind != fault.ServerError {
		t.Fatalf("active %v", active)
	}
	if status, body := do(t, http.MethodPost, running.URL("suihaoban")+suihaoban.PathLicence, "{}"); status != 500 || !strings.Contains(body, "<html>") {
		t.Fatalf("%d %s", status, body)
	}
	if status, body := do(t, http.MethodPost, running.URL("suihaoban")+suihaoban.PathLicence, "{}"); status != 500 || !strings.Contains(body, "400001") {
		t.Fatalf("%d %s", status, body)
	}
}

func TestPersonasAreServed(t *testing.T) {
	t.Parallel()
	running := start(t)
	_, body := do(t, http.MethodGet, running.ControlURL()+"/_sim/personas", "")
	var personas []citizen.Persona
	if err := json.Unmarshal([]byte(body), &personas); err != nil || len(personas) < 12 {
		t.Fatalf("%d personas: %v", len(personas), err)
	}
}

func TestStartRefuses(t *testing.T) {
	t.Parallel()
	good := simulators.Platform{Kind: "tmri", Config: json.RawMessage(configs()["tmri"])}
	cases := map[string]simulators.Settings{
		"unknown kind":    settings(t, simulators.Platform{Kind: "alipay"}),
		"same name twice": settings(t, good, good),
		"unknown key":     settings(t, simulators.Platform{Kind: "tmri", Config: json.RawMessage(`{"serial":{}}`)}),
		"bad address":     settings(t, simulators.Platform{Kind: "tmri", Address: "nowhere", Config: good.Config}),
	}
	for kind := range simulators.Constructors() {
		cases["empty "+kind] = settings(t, simulators.Platform{Kind: kind, Config: json.RawMessage(`{}`)})
	}
	open := settings(t, good)
	open.Control = "0.0.0.0:0"
	cases["control for everybody"] = open
	for name, setting := range cases {
		if running, err := simulators.Start(setting); err == nil {
			t.Errorf("%s: started", name)
			_ = running.Close()
		}
	}
}
