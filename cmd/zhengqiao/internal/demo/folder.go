package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/simulators"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

//go:embed zhengqiao.yaml.tmpl sources.yaml.tmpl receivers.yaml.tmpl canaries.yaml.tmpl
var templates embed.FS

// folder is the demo's folder: configuration, keys, test citizens, ready questions and the journal.
type folder struct{ dir string }

// ConfigPath gives the configuration that the demo runs on.
func (f folder) configPath() string { return filepath.Join(f.dir, "zhengqiao.yaml") }

func (f folder) keys() string { return filepath.Join(f.dir, "keys") }

// private reads the private key of a name.
func (f folder) private(name string) (*smcrypto.PrivateKey, error) {
	return (keys.Files{Root: f.keys()}).PrivateKey("file:" + name + ".key.pem")
}

// prepare makes the folder and what in it outlives a run: keys and secrets. It may run in several programs at once.
func (f folder) prepare() (secrets credentials, err error) {
	if err := os.MkdirAll(f.keys(), 0o700); err != nil {
		return nil, fmt.Errorf("make the demo's folder: %w", err)
	}
	err = f.locked(func() error {
		if err := makeKeys(f.keys()); err != nil {
			return err
		}
		secrets, err = openCredentials(f.keys())
		return err
	})
	return secrets, err
}

// forget removes the journal of an earlier run. The stand-ins have forgotten what they were told then, and a gateway that remembers would
// not tell it again.
func (f folder) forget() error { return os.RemoveAll(filepath.Join(f.dir, "journal")) }

// platform is a caller in the template.
type platform struct{ ID, Region string }

// settings fill the templates.
type settings struct {
	Listen, OpsListen  string
	Keys               string // folder of the keys, as seen from the configuration
	Catalogue, Service string
	WeChatApp          string
	Platforms          []platform
	running            *simulators.Running
}

// URL gives the base address of a stand-in.
func (s settings) URL(name string) string { return s.running.URL(name) }

// fill gives the text of one template, none if it isn't there.
func (s settings) fill(name string) (string, error) {
	s.Catalogue, s.Service, s.WeChatApp = catalogue, service, wechatApp
	parsed, err := template.New(name).Option("missingkey=error").ParseFS(templates, "*.tmpl")
	if err != nil {
		return "", err
	}
	if parsed = parsed.Lookup(name); parsed == nil {
		return "", nil
	}
	var text strings.Builder
	err = parsed.ExecuteTemplate(&text, name, s)
	return text.String(), err
}

func (f folder) writeConfig(listen, opsListen string, running *simulators.Running) error {
	filled := settings{Listen: listen, OpsListen: opsListen, Keys: "keys", running: running}
	for _, id := range platformIDs() {
		filled.Platforms = append(filled.Platforms, platform{id, homeOf(id)})
	}
	text, err := filled.fill("zhengqiao.yaml.tmpl")
	if err != nil {
		return err
	}
	return os.WriteFile(f.configPath(), []byte(text), 0o600)
}

// homeOf gives a platform's region.
func homeOf(id string) string {
	switch id {
	case "suishenban":
		return "310000"
	case "zheliban":
		return "330000"
	case "suihaoban":
		return "440000"
	}
	return "000000"
}

// writePersonas writes the test citizens and what each of them shows.
func (f folder) writePersonas(registry *citizen.Registry) error {
	text, err := json.MarshalIndent(registry.Personas(), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.dir, "personas.json"), append(text, '\n'), 0o600)
}
