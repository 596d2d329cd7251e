package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

const second = `  - id: zheliban
    region: "330000"
    keys:
      - {id: zheliban-1, public: "file:keys/zheliban.pub.pem"}
`

func TestDiff(t *testing.T) {
	t.Parallel()
	swap := strings.NewReplacer
	for name, c := range map[string]struct {
		to   string
		want []string
	}{
		"nothing":                {good, nil},
		"only written otherwise": {swap("region: \"310000\"\n    keys", "region: '310000' # Shanghai\n    keys").Replace(good), nil},
		"a platform comes":       {swap("sources:\n  -", second+"sources:\n  -").Replace(good), []string{"added platforms zheliban"}},
		"a platform goes, another comes": {
			swap("id: suishenban\n", "id: other\n").Replace(good), []string{"added platforms other", "removed platforms suishenban"},
		},
		"a key is rotated": {
			swap("id: suishenban-1", "id: suishenban-2").Replace(good),
			[]string{"changed platforms suishenban: keys[suishenban-1] removed, keys[suishenban-2] added"},
		},
		"texts are not shown":     {swap("keys/gateway.key.pem", "keys/s3cret.pem").Replace(good), []string{"changed gateway: key changed"}},
		"settings are not shown":  {swap("http://127.0.0.1:1/x", "http://s3cret:1/x").Replace(good), []string{"changed sources tmri-sh: settings.url changed"}},
		"a setting comes":         {swap("1/x\n", "1/x\n      password: s3cret\n").Replace(good), []string{"changed sources tmri-sh: settings.password added"}},
		"numbers and times are":   {good + "limits: {inFlight: 7, budget: 5s}\n", []string{"changed limits: budget 3s → 5s, inFlight 256 → 7"}},
		"quotas too":              {swap("region: \"310000\"\n    keys", "region: \"310000\"\n    quota: {weight: 2}\n    keys").Replace(good), []string{"changed platforms suishenban: quota.weight 0 → 2"}},
		"what needs a restart":    {swap("dir: journal", "dir: elsewhere").Replace(good), []string{"changed journal: dir changed (needs a restart)"}},
		"a limit that needs one":  {good + "limits: {drain: 5s}\n", []string{"changed limits: drain 8s → 5s (needs a restart)"}},
		"an address needs one":    {swap("8443", "8444").Replace(good), []string{"changed listen (needs a restart)"}},
		"HTTP becoming HTTPS":     {good + "tls: {certificate: a.pem, key: a.key}\n", []string{"changed tls: certificate changed, key changed (needs a restart)"}},
		"another route's sources": {swap("[tmri-sh]", "[tmri-sh, tmri-sh]").Replace(good), []string{"changed routes 310000: sources changed"}},
		"several, in their order": {
			swap("8443", "8444", "dir: journal", "dir: elsewhere").Replace(good), []string{"changed journal: dir changed (needs a restart)", "changed listen (needs a restart)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			dir := t.TempDir()
			for _, change := range config.Diff(loaded(t, dir, "old", good), loaded(t, dir, "new", c.to)) {
				got = append(got, change.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if text := strings.Join(got, "\n"); strings.Contains(text, "s3cret") {
				t.Errorf("a text is shown: %s", text)
			}
		})
	}
}

func loaded(t *testing.T, dir, name, text string) *config.Config {
	t.Helper()
	path := filepath.Join(dir, name+".yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
