package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const good = `listen: 127.0.0.1:8443
gateway: {keyId: gateway-1, key: "file:keys/gateway.key.pem"}
journal: {dir: journal}
records: {sealKeyId: seal-1, sealKey: "file:keys/seal.key", pepper: "file:keys/pepper.key"}
platforms:
  - id: suishenban
    region: "310000"
    keys:
      - {id: suishenban-1, public: "file:keys/suishenban.pub.pem"}
sources:
  - id: tmri-sh
    kind: tmri
    region: "310000"
    settings:
      url: http://127.0.0.1:1/x
routes:
  - region: "310000"
    sources: [tmri-sh]
`

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "zhengqiao.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad(t *testing.T) {
	t.Parallel()
	path := write(t, good)
	c, err := config.Load(path, []string{"ZHENGQIAO_OPS_LISTEN=127.0.0.1:9999", "ZHENGQIAO_LIMITS_IN_FLIGHT=7", "OPS_LISTEN=no"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8443" || c.OpsListen != "127.0.0.1:9999" || c.Limits.InFlight != 7 || c.Limits.BodyBytes != 65536 {
		t.Errorf("listen %s, ops %s, in flight %d, body %d", c.Listen, c.OpsListen, c.Limits.InFlight, c.Limits.BodyBytes)
	}
	if want := filepath.Join(filepath.Dir(path), "journal"); c.Journal.Dir != want || c.Folder() != filepath.Dir(path) {
		t.Errorf("journal in %s, want %s", c.Journal.Dir, want)
	}
	var settings struct {
		URL string `yaml:"url"`
	}
	if err := c.Sources[0].Decode(&settings); err != nil || settings.URL != "http://127.0.0.1:1/x" {
		t.Errorf("settings %+v, %v", settings, err)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ old, new, want string }{
		"unknown key":          {"listen:", "lissten:", `[1:1] unknown field "lissten"`},
		"unknown inner key":    {"    region: \"310000\"\n    keys", "    regoin: \"310000\"\n    keys", `unknown field "regoin"`},
		"repeated key":         {"journal: {dir: journal}", "journal: {dir: journal}\njournal: {dir: x}", "already defined"},
		"wrong type":           {"listen: 127.0.0.1:8443", "listen: [1]", "[1:9]"},
		"no such region":       {"    region: \"310000\"\n    keys", "    region: \"990000\"\n    keys", "line 7: platforms[0].region"},
		"missing journal":      {"journal: {dir: journal}\n", "", "line 1: journal: dir is required"},
		"route to nowhere":     {"[tmri-sh]", "[tmri-sh, elsewhere]", `line 18: routes[0].sources[1]: "elsewhere" names no source; there are tmri-sh`},
		"empty":                {good, "", "the file is empty"},
		"own emergency access": {"  - id: suishenban\n", "  - id: break-glass\n", "platforms[0].id"},
		"repeated key id":      {"      - {id: suishenban-1, public: \"file:keys/suishenban.pub.pem\"}", "      - {id: a, public: \"file:a\"}\n      - {id: a, public: \"file:b\"}", "line 10: platforms[0].keys[1].id"},
		"stop beyond 10 s":     {"listen:", "limits: {drain: 8s, drainDelay: 2s}\nlisten:", "line 1: limits: drainDelay and drain take at most 9s together"},
		"duration, no unit":    {"listen:", "limits:\n  budget: 3\nlisten:", `line 2: "3": want a duration such as 3s`},
		"duration, a word":     {"listen:", "limits:\n  budget: soon\nlisten:", `line 2: "soon": want a duration such as 3s`},
		"no port":              {"127.0.0.1:8443", "127.0.0.1", `line 1: listen: "127.0.0.1": want host:port`},
		"port out of range":    {"127.0.0.1:8443", "127.0.0.1:84430", `line 1: listen: "127.0.0.1:84430": want a port from 0 to 65535`},
		"one address for two":  {"listen: 127.0.0.1:8443", "listen: :1\nopsListen: :1", "line 2: opsListen: is the same address"},
		"identity of nobody":   {"listen:", "identity: gk\nlisten:", `line 1: identity: "gk" names no source; there are tmri-sh`},
		"half a certificate":   {"listen: 127.0.0.1:8443", "listen: 127.0.0.1:8443\ntls: {certificate: a.pem}", "line 2: tls: certificate and key go together"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(write(t, strings.Replace(good, test.old, test.new, 1)), nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it to say %s", err, test.want)
			}
		})
	}
}

func TestAliasesReachIntoSettings(t *testing.T) {
	t.Parallel()
	text := strings.Replace(good, "      url: http://127.0.0.1:1/x\n", "      http: &loopback\n        allow: [127.0.0.0/8]\n"+
		"  - id: other\n    kind: tmri\n    region: \"310000\"\n    settings: {http: *loopback}\n", 1)
	c, err := config.Load(write(t, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var settings struct {
		HTTP struct {
			Allow []string `yaml:"allow"`
		} `yaml:"http"`
	}
	if err := c.Sources[1].Decode(&settings); err != nil || len(settings.HTTP.Allow) != 1 {
		t.Errorf("settings %+v, %v", settings, err)
	}
	if _, err := config.Load(write(t, strings.Replace(text, "&loopback", "", 1)), nil); err == nil || !strings.Contains(err.Error(), "line 20: the alias *loopback") {
		t.Errorf("an alias without an anchor: %v", err)
	}
}

func TestOverrideRefusesNonsense(t *testing.T) {
	t.Parallel()
	if _, err := config.Load(write(t, good), []string{"ZHENGQIAO_LIMITS_BUDGET=soon"}); err == nil {
		t.Error("a budget of 'soon' was taken")
	}
}

func TestDecodeRefusesUnknownSettings(t *testing.T) {
	t.Parallel()
	c, err := config.Load(write(t, good), nil)
	if err != nil {
		t.Fatal(err)
	}
	var settings struct {
		Address string `yaml:"address"`
	}
	if err := c.Sources[0].Decode(&settings); err == nil || !strings.Contains(err.Error(), "[15:7]") {
		t.Errorf("got %v, want the place of the unknown setting", err)
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	path := write(t, good)
	for variable, want := range map[string]string{
		"ZHENGQIAO_LISTN":                  "ZHENGQIAO_LISTN overrides nothing; the nearest name is ZHENGQIAO_LISTEN",
		"ZHENGQIAO_LIMITS_INFLIGHT":        "the nearest name is ZHENGQIAO_LIMITS_IN_FLIGHT",
		"ZHENGQIAO_GATEWAY_KEYID":          "the nearest name is ZHENGQIAO_GATEWAY_KEY_ID",
		"ZHENGQIAO_SERVICE_HOST":           "", // Kubernetes, for a service called zhengqiao
		"ZHENGQIAO_SERVICE_PORT_OPS":       "",
		"ZHENGQIAO_PORT":                   "",
		"ZHENGQIAO_OPS_PORT_9090_TCP_ADDR": "",
		"OTHER":                            "",
	} {
		_, err := config.Load(path, []string{variable + "=127.0.0.1:1"})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", variable, err, want)
		}
	}
}

func TestErrorsOfUseGetTheirLine(t *testing.T) {
	t.Parallel()
	c, err := config.Load(write(t, good), nil)
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.Join(errors.New("url: want http"), errors.New("http.allow[0]: want a network"), os.ErrNotExist)
	got := c.At("$.sources[0].settings", cause)
	const want = "line 15: sources[0].settings.url: want http\n" +
		"line 15: sources[0].settings: http.allow[0]: want a network\nline 15: sources[0].settings: file does not exist"
	if got.Error() != want || !errors.Is(got, os.ErrNotExist) {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
	if c.At("$.gateway", nil) != nil {
		t.Error("no error got a place")
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		"127.0.0.1:1": "http://127.0.0.1:1", "0.0.0.0:1": "http://127.0.0.1:1", ":1": "http://127.0.0.1:1", "[::]:1": "http://127.0.0.1:1",
		"gateway.example:1": "http://gateway.example:1",
	} {
		if got := (&config.Config{Listen: listen}).URL(); got != want {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(good)
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "f.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _ = config.Load(path, nil) // must not panic
	})
}
