package app

import (
	"encoding/json"
	"io"
	"net/url"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/exchange/personal"
	"github.com/zhengqiao/zhengqiao/watch/doctor"
)

// Bundle writes what a developer needs to help from afar: the tests' reports, the lights, a snapshot of the metrics, the last failures, the
// configuration without comments and with what could be a secret masked, and versions. It holds no secret and no personal data; whatever
// looks like a personal number is masked once more.
func (k *Clinic) Bundle(to io.Writer, reports []doctor.Report, metrics []byte) error {
	now := time.Now().UTC()
	masked, err := maskedConfig(k.config.Text())
	if err != nil {
		return err
	}
	files := []doctor.File{{Name: "configuration.yaml", Data: masked}, {Name: "metrics.txt", Data: metrics}, {Name: "versions.txt", Data: versions()}}
	for name, value := range map[string]any{"reports.json": reports, "lights.json": k.Overview(), "errors.json": k.sight.lastErrors()} {
		text, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			return err
		}
		files = append(files, doctor.File{Name: name, Data: text})
	}
	return doctor.Bundle(to, now, func(data []byte) []byte { return []byte(personal.Mask(string(data), now)) }, files...)
}

func versions() []byte {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return []byte("unknown\n")
	}
	return []byte(info.String())
}

func (s *sight) lastErrors() []lastError {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []lastError{}
	for _, failure := range s.errors {
		all = append(all, failure)
	}
	return all
}

// maskedConfig gives the configuration without comments, and with every value masked that could be a secret.
func maskedConfig(text []byte) ([]byte, error) {
	var document yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(text, &document, yaml.UseOrderedMap()); err != nil {
		return nil, err
	}
	return yaml.Marshal(masked("", document))
}

const hidden = "***"

// masked masks what stands under a key that is a secret's or an account's by its name; a reference to a file stays, since it says only
// where the secret is.
func masked(key string, value any) any {
	switch value := value.(type) {
	case yaml.MapSlice:
		clean := yaml.MapSlice{}
		for _, item := range value {
			name, _ := item.Key.(string)
			if name == "id" && ofPerson(key) {
				name = key
			}
			clean = append(clean, yaml.MapItem{Key: item.Key, Value: masked(name, item.Value)})
		}
		return clean
	case map[string]any: // an empty one, which has no order to keep
		clean := map[string]any{}
		for name, item := range value {
			clean[name] = masked(name, item)
		}
		return clean
	case []any:
		clean := make([]any, len(value))
		for i := range value {
			clean[i] = masked(key, value[i])
		}
		return clean
	case string:
		return maskedText(key, value)
	}
	if secretKey(key) && value != nil {
		return hidden
	}
	return value
}

func maskedText(key, text string) string {
	switch {
	case strings.HasPrefix(text, "file:"):
		return text
	case secretKey(key), ofPerson(key):
		return hidden
	}
	address, err := url.Parse(text)
	if err == nil && address.Host != "" {
		return address.Scheme + "://" + address.Host + address.Path // neither a user nor a query
	}
	return text
}

// ofPerson reports whether what stands under a key says who somebody is: an id among people, or how they sign in or are reached.
func ofPerson(key string) bool {
	return regexp.MustCompile(`(?i)^(people|authors|approvers|operators|subject|contact|email)$`).MatchString(key)
}

// secretKey reports whether a key's name is that of something that opens a door, or of somebody behind it.
func secretKey(key string) bool {
	return regexp.MustCompile(`(?i)(secret|password|passwd|token|serial|jkxlh|pepper|sealkey$|dsn|credential|account|user|yhbz|yhxm|dwmc|requesterid|paasid|appkey|accesskey|authorization|phone|name$)`).MatchString(key)
}
